// Another right way: three small machines, a broker, a producer and a consumer, that know only what they would really know.

import type { BookEvent } from '#bookstore'

export type Trouble = 'request-lost' | 'answer-lost' | 'leader-lost' | 'producer-restarted'

export interface DeliveryPlan {
  events: string[]
  producer: { acks: 0 | 1 | 'all'; retries: number; idempotent: boolean }
  trouble: Record<string, Trouble[]>
  consumer: { commit: 'before-work' | 'after-work'; batch: number }
  crashes: number[]
}

export interface Outcome {
  lost: string[]
  duplicated: string[]
}

export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  transaction<T>(work: () => Promise<T>): Promise<T>
}

export type Handler = (event: BookEvent) => Promise<void>

/** Remembers, for each producer id, what it has sent. */
class Broker {
  readonly log: string[] = []
  private readonly seen = new Set<string>()

  append(id: string, producerId: number | null) {
    const name = `${producerId} ${id}`
    if (producerId !== null && this.seen.has(name)) return
    this.seen.add(name)
    this.log.push(id)
  }
}

class Producer {
  private static lastId = 0
  private readonly config: DeliveryPlan['producer']
  private readonly id: number | null

  constructor(config: DeliveryPlan['producer']) {
    this.config = config
    Producer.lastId += 1
    this.id = config.idempotent ? Producer.lastId : null
  }

  /** Takes troubles off the list. True when this process has died meanwhile. */
  send(id: string, troubles: Trouble[], broker: Broker): boolean {
    for (let attempt = 0; attempt <= this.config.retries; attempt++) {
      const trouble = troubles.shift()
      switch (trouble) {
        case undefined:
          broker.append(id, this.id)
          return false
        case 'producer-restarted':
          broker.append(id, this.id)
          return true
        case 'answer-lost':
          broker.append(id, this.id)
          break
        case 'leader-lost':
          if (this.config.acks === 1) return false
      }
      if (this.config.acks === 0) return false
    }
    return false
  }
}

function* stepsOf(batch: string[], commit: 'before-work' | 'after-work') {
  if (commit === 'before-work') yield { commits: true, work: null }
  for (const work of batch) yield { commits: false, work }
  if (commit === 'after-work') yield { commits: true, work: null }
}

export function simulate(plan: DeliveryPlan): Outcome {
  const broker = new Broker()
  for (const id of plan.events) {
    const troubles = [...(plan.trouble[id] ?? [])]
    while (new Producer(plan.producer).send(id, troubles, broker)) {
      // Started again, with another producer id.
    }
  }
  const results: string[] = []
  let offset = 0
  let clock = 0
  // One life for each crash, and one that lasts.
  for (const death of [...plan.crashes, Number.POSITIVE_INFINITY]) {
    life: while (offset < broker.log.length) {
      const batch = broker.log.slice(offset, offset + plan.consumer.batch)
      for (const { commits, work } of stepsOf(batch, plan.consumer.commit)) {
        if (clock === death) break life
        clock += 1
        if (commits) offset += batch.length
        if (work !== null) results.push(work)
      }
    }
  }
  return {
    duplicated: [...new Set(results.filter((id, at) => results.indexOf(id) < at))],
    lost: plan.events.filter((id) => !results.includes(id)),
  }
}

/** The ids of all events that are done, as one list under one key. */
const DONE = 'events that are done'

export const idempotent = (handler: Handler, store: Store): Handler => {
  return async (event) => {
    await store.transaction(async () => {
      const done = JSON.parse((await store.get(DONE)) ?? '[]') as string[]
      if (done.includes(event.eventId)) return
      await store.set(DONE, JSON.stringify([...done, event.eventId]))
      await handler(event)
    })
  }
}
