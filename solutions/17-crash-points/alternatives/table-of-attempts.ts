// Another right way: what each trouble means stands in a table; the consumer is a list of steps that crashes cut.

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

/** For each trouble: does the record stay in the log, and does the producer get an answer? */
const MEANING: Record<Trouble | 'none', { stays: boolean; answered: (acks: Acks) => boolean }> = {
  none: { stays: true, answered: (acks) => acks !== 0 },
  'request-lost': { stays: false, answered: () => false },
  'answer-lost': { stays: true, answered: () => false },
  'leader-lost': { stays: false, answered: (acks) => acks === 1 },
  'producer-restarted': { stays: true, answered: () => false },
}

function attemptsOf(troubles: Trouble[], { acks, retries }: DeliveryPlan['producer']) {
  const attempts: { stays: boolean; life: number }[] = []
  let life = 0
  let left = retries
  for (const trouble of [...troubles, 'none' as const]) {
    const { stays, answered } = MEANING[trouble]
    attempts.push({ stays, life })
    if (trouble === 'producer-restarted') {
      life += 1
      left = retries
    } else if (acks === 0 || answered(acks) || left-- === 0) break
  }
  return attempts
}

function logOf({ events, producer, trouble }: DeliveryPlan): string[] {
  return events.flatMap((id) => {
    const stored = attemptsOf(trouble[id] ?? [], producer).filter(({ stays }) => stays)
    const copies = producer.idempotent ? new Set(stored.map(({ life }) => life)).size : stored.length
    return new Array<string>(copies).fill(id)
  })
}

export function simulate(plan: DeliveryPlan): Outcome {
  const log = logOf(plan)
  const { commit, batch } = plan.consumer
  const times: Record<string, number> = {}
  let committed = 0
  let age = 0
  for (const death of [...plan.crashes, Number.MAX_SAFE_INTEGER]) {
    // The steps of a whole life without a crash; then as many of them as this life has.
    const life: { id?: string; commits?: number }[] = []
    for (let at = committed; at < log.length; at += batch) {
      const records = log.slice(at, at + batch).map((id) => ({ id }))
      const commits = { commits: Math.min(at + batch, log.length) }
      life.push(...(commit === 'before-work' ? [commits, ...records] : [...records, commits]))
    }
    const steps = life.slice(0, death - age)
    age += steps.length
    for (const { id, commits } of steps) {
      if (id !== undefined) times[id] = (times[id] ?? 0) + 1
      committed = commits ?? committed
    }
  }
  const outcome: Outcome = { lost: [], duplicated: [] }
  for (const id of plan.events) {
    if (!(id in times)) outcome.lost.push(id)
    else if (times[id] !== 1) outcome.duplicated.push(id)
  }
  return outcome
}

export function idempotent(handler: Handler, store: Store): Handler {
  return async function once(event) {
    const work = async () => {
      const state = await store.get(event.eventId)
      if (state === 'done') return
      await handler(event)
      await store.set(event.eventId, 'done')
    }
    return store.transaction(work)
  }
}
