// Another right way: the log is counted and not played, each life is a list that is cut off, and one page notes all events.

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

type Acks = DeliveryPlan['producer']['acks']
type Then = 'next' | 'again' | 'anew'

/** For each attempt: how many copies are in the log for good because of it, and what the producer does then. */
const ATTEMPTS: Record<Trouble | 'nothing', Record<Acks, readonly [copies: number, then: Then]>> = {
  nothing: { 0: [1, 'next'], 1: [1, 'next'], all: [1, 'next'] },
  'request-lost': { 0: [0, 'next'], 1: [0, 'again'], all: [0, 'again'] },
  'answer-lost': { 0: [1, 'next'], 1: [1, 'again'], all: [1, 'again'] },
  'leader-lost': { 0: [0, 'next'], 1: [0, 'next'], all: [0, 'again'] },
  'producer-restarted': { 0: [1, 'anew'], 1: [1, 'anew'], all: [1, 'anew'] },
}

/** How often an event is in the log at last. `mine`: how often this very producer has already put it there. */
function copiesOf(
  producer: DeliveryPlan['producer'],
  troubles: readonly Trouble[],
  left: number,
  mine: number,
): number {
  const [now, ...later] = troubles
  const [copies, then] = ATTEMPTS[now ?? 'nothing'][producer.acks]
  const added = producer.idempotent && mine > 0 ? 0 : copies
  if (then === 'anew') return added + copiesOf(producer, later, producer.retries, 0)
  if (then === 'again' && left > 0) return added + copiesOf(producer, later, left - 1, mine + added)
  return added
}

type StepOfLife = { work: string } | { commit: number }

/** All the steps of a life that begins at `from` and that nothing ends. */
function stepsFrom(from: number, log: readonly string[], consumer: DeliveryPlan['consumer']): StepOfLife[] {
  if (from >= log.length) return []
  const batch = log.slice(from, from + consumer.batch)
  const to = from + batch.length
  const work = batch.map((id): StepOfLife => ({ work: id }))
  const commit: StepOfLife = { commit: to }
  return [
    ...(consumer.commit === 'after-work' ? [...work, commit] : [commit, ...work]),
    ...stepsFrom(to, log, consumer),
  ]
}

export function simulate(plan: DeliveryPlan): Outcome {
  const log = plan.events.flatMap((id) =>
    Array.from(
      { length: copiesOf(plan.producer, plan.trouble[id] ?? [], plan.producer.retries, 0) },
      () => id,
    ),
  )

  // each life is the beginning of the list of its steps, cut off at its crash; the last one is not cut off
  const worked: string[] = []
  const ends = [...plan.crashes, Number.POSITIVE_INFINITY]
  ends.reduce((committed, end, i) => {
    const lived = stepsFrom(committed, log, plan.consumer).slice(0, end - (ends[i - 1] ?? 0))
    worked.push(...lived.flatMap((step) => ('work' in step ? [step.work] : [])))
    return lived.reduce((at, step) => ('commit' in step ? step.commit : at), committed)
  }, 0)

  return {
    lost: plan.events.filter((id) => !worked.includes(id)),
    duplicated: plan.events.filter((id) => worked.indexOf(id) !== worked.lastIndexOf(id)),
  }
}

const LEDGER = 'ledger-of-events-done'

/** One page with the ids of all events that are done; it is turned in the same transaction as the work. */
export function idempotent(handler: Handler, store: Store): Handler {
  return (event) =>
    store.transaction(() =>
      store.get(LEDGER).then((page) => {
        const ids = JSON.parse(page ?? '[]') as string[]
        if (ids.includes(event.eventId)) return Promise.resolve()
        return handler(event).then(() => store.set(LEDGER, JSON.stringify([event.eventId, ...ids])))
      }),
    )
}
