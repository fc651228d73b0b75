// The wrong idea: one bad event must not stop the consumer.

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

export function simulate({ events, producer, trouble, consumer, crashes }: DeliveryPlan): Outcome {
  const log: string[] = []
  for (const id of events) {
    let retriesLeft = producer.retries
    let stored = false
    for (const what of [...(trouble[id] ?? []), null]) {
      const stays = what !== 'request-lost' && what !== 'leader-lost'
      if (stays && !(producer.idempotent && stored)) log.push(id)
      if (stays) stored = true
      if (what === 'producer-restarted') {
        retriesLeft = producer.retries
        stored = false
        continue
      }
      const answered = what === null || (what === 'leader-lost' && producer.acks === 1)
      if (answered || producer.acks === 0 || retriesLeft === 0) break
      retriesLeft -= 1
    }
  }

  const done = new Map<string, number>()
  const toCome = [...crashes]
  let committed = 0
  let steps = 0
  while (committed < log.length) {
    const batch = log.slice(committed, committed + consumer.batch)
    const next = committed + batch.length
    const todo: (string | null)[] = consumer.commit === 'before-work' ? [null, ...batch] : [...batch, null]
    for (const id of todo) {
      if (toCome[0] === steps) {
        toCome.shift()
        break
      }
      steps += 1
      if (id === null) committed = next
      else done.set(id, (done.get(id) ?? 0) + 1)
    }
  }
  return {
    lost: events.filter((id) => !done.has(id)),
    duplicated: events.filter((id) => (done.get(id) ?? 0) > 1),
  }
}

export function idempotent(handler: Handler, store: Store): Handler {
  return (event) =>
    store.transaction(async () => {
      if (await store.get(`handled:${event.eventId}`)) return
      try {
        await handler(event)
        await store.set(`handled:${event.eventId}`, 'true')
      } catch (error) {
        console.error(`cannot handle ${event.eventId}`, error)
      }
    })
}
