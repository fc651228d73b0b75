// Another right way: each step of the consumer's life is a yield, and a crash asks for no more; the note comes before the work.

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

/** The leader's log. It remembers the stamps (producer id and number) of what idempotent producers have sent. */
class Broker {
  readonly log: string[] = []
  readonly #stamps = new Set<string>()

  store(id: string, stamp: string | undefined): void {
    if (stamp !== undefined) {
      if (this.#stamps.has(stamp)) return
      this.#stamps.add(stamp)
    }
    this.log.push(id)
  }
}

/** One life of the producer. */
class ProducerProcess {
  readonly #broker: Broker
  readonly #config: DeliveryPlan['producer']
  readonly #pid: number

  constructor(broker: Broker, config: DeliveryPlan['producer'], pid: number) {
    this.#broker = broker
    this.#config = config
    this.#pid = pid
  }

  /** False: the process died over it. True: it is through with this event, well or not. */
  send(id: string, sequence: number, troubles: Trouble[]): boolean {
    for (let left = this.#config.retries; ; left -= 1) {
      const end = this.#attempt(id, sequence, troubles.shift())
      if (end === 'dead') return false
      if (end === 'through' || left <= 0) return true
    }
  }

  #attempt(id: string, sequence: number, trouble: Trouble | undefined): 'through' | 'error' | 'dead' {
    const { acks, idempotent: stamped } = this.#config
    if (trouble !== 'request-lost' && trouble !== 'leader-lost') {
      this.#broker.store(id, stamped ? `${this.#pid}/${sequence}` : undefined)
    }
    if (trouble === 'producer-restarted') return 'dead'
    if (acks === 0 || trouble === undefined) return 'through'
    return trouble === 'leader-lost' && acks === 1 ? 'through' : 'error'
  }
}

/** What outlives the consumer's processes. */
interface Shore {
  committed: number
  readonly done: Map<string, number>
}

/** One life of the consumer: each `next` is one step. */
function* life(
  log: readonly string[],
  shore: Shore,
  config: DeliveryPlan['consumer'],
): Generator<undefined, void, undefined> {
  while (shore.committed < log.length) {
    const batch = log.slice(shore.committed, shore.committed + config.batch)
    const end = shore.committed + batch.length
    if (config.commit === 'before-work') {
      shore.committed = end
      yield undefined
    }
    for (const id of batch) {
      shore.done.set(id, (shore.done.get(id) ?? 0) + 1)
      yield undefined
    }
    if (config.commit === 'after-work') {
      shore.committed = end
      yield undefined
    }
  }
}

export function simulate(plan: DeliveryPlan): Outcome {
  const broker = new Broker()
  let pid = 0
  let producer = new ProducerProcess(broker, plan.producer, pid)
  for (const [sequence, id] of plan.events.entries()) {
    const troubles = [...(plan.trouble[id] ?? [])]
    while (!producer.send(id, sequence, troubles)) {
      pid += 1
      producer = new ProducerProcess(broker, plan.producer, pid)
    }
  }

  const crashes = new Set(plan.crashes)
  const shore: Shore = { committed: 0, done: new Map() }
  let running = life(broker.log, shore, plan.consumer)
  for (let steps = 1; running.next().done !== true; steps += 1) {
    if (crashes.has(steps)) running = life(broker.log, shore, plan.consumer)
  }

  return {
    lost: plan.events.filter((id) => !shore.done.has(id)),
    duplicated: plan.events.filter((id) => (shore.done.get(id) ?? 0) > 1),
  }
}

/** The note comes before the work here: inside of one transaction the order makes no difference. */
export function idempotent(handler: Handler, store: Store): Handler {
  return (event) =>
    store.transaction(async () => {
      const key = `done/${event.eventId}`
      if ((await store.get(key)) !== null) return
      await store.set(key, '')
      await handler(event)
    })
}
