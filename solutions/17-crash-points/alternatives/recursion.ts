// Another right way: no loops over what may happen, but functions of what is left; and a handler that looks twice.

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

interface Sending {
  retries: number
  /** Whether the broker has a copy from this life of the producer. */
  known: boolean
}

function copies(producer: DeliveryPlan['producer'], troubles: Trouble[], now: Sending): number {
  const [trouble, ...rest] = troubles
  const kept = trouble === 'request-lost' || trouble === 'leader-lost' ? 0 : 1
  const added = producer.idempotent && now.known ? 0 : kept
  const again = (): number => {
    if (producer.acks === 0 || now.retries === 0) return 0
    return copies(producer, rest, { retries: now.retries - 1, known: now.known || kept === 1 })
  }
  if (trouble === undefined) return added
  if (trouble === 'producer-restarted')
    return added + copies(producer, rest, { retries: producer.retries, known: false })
  if (trouble === 'leader-lost' && producer.acks === 1) return added
  return added + again()
}

interface Life {
  committed: number
  steps: number
  crashes: number[]
}

/** All that is worked on from here on. A life has `steps` behind it, and dies when the first of `crashes` is reached. */
function work(log: string[], consumer: DeliveryPlan['consumer'], life: Life): string[] {
  const batch = log.slice(life.committed, life.committed + consumer.batch)
  if (batch.length === 0) return []
  const [death = Number.POSITIVE_INFINITY, ...crashes] = life.crashes
  const stepsToLive = death - life.steps
  const early = consumer.commit === 'before-work'
  const committed = life.committed + batch.length
  if (stepsToLive >= batch.length + 1) {
    const later = { ...life, committed, steps: life.steps + batch.length + 1 }
    return [...batch, ...work(log, consumer, later)]
  }
  const done = batch.slice(0, early ? Math.max(stepsToLive - 1, 0) : stepsToLive)
  const hasCommitted = early && stepsToLive > 0
  const next = { committed: hasCommitted ? committed : life.committed, steps: death, crashes }
  return [...done, ...work(log, consumer, next)]
}

export function simulate({ events, producer, trouble, consumer, crashes }: DeliveryPlan): Outcome {
  const fresh = { retries: producer.retries, known: false }
  const log = events.flatMap((id) =>
    Array.from({ length: copies(producer, trouble[id] ?? [], fresh) }, () => id),
  )
  const effects = new Map(events.map((id) => [id, 0]))
  for (const id of work(log, consumer, { committed: 0, steps: 0, crashes })) {
    effects.set(id, (effects.get(id) ?? 0) + 1)
  }
  const idsWith = (fits: (count: number) => boolean) =>
    [...effects].filter(([, count]) => fits(count)).map(([id]) => id)
  return { lost: idsWith((count) => count === 0), duplicated: idsWith((count) => count > 1) }
}

export function idempotent(handler: Handler, store: Store): Handler {
  const isDone = async ({ eventId }: BookEvent) => (await store.get(`event/${eventId}`)) !== null
  return async (event) => {
    // A look without a transaction spares most repetitions the wait. Only the look inside decides.
    if (await isDone(event)) return
    await store.transaction(async () => {
      if (await isDone(event)) return
      await store.set(`event/${event.eventId}`, new Date().toISOString())
      await handler(event)
    })
  }
}
