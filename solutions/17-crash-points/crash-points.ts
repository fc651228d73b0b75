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

export function simulate(plan: DeliveryPlan): Outcome {
  const log = plan.events.flatMap((id) => copiesInLog(plan.producer, plan.trouble[id] ?? []).map(() => id))
  const worked = consume(log, plan)
  // Only what was done counts, not what went wrong: one trouble can make up for another.
  const times = (id: string) => worked.filter((one) => one === id).length
  return {
    lost: plan.events.filter((id) => times(id) === 0),
    duplicated: plan.events.filter((id) => times(id) > 1),
  }
}

/** The attempts, by number, that left a copy of the event in the log. */
function copiesInLog({ acks, retries, idempotent }: DeliveryPlan['producer'], troubles: Trouble[]): number[] {
  const copies: number[] = []
  let retriesLeft = retries
  let knownToBroker = false
  for (const [attempt, trouble] of [...troubles, 'none' as const].entries()) {
    const stays = trouble !== 'request-lost' && trouble !== 'leader-lost'
    // The broker recognises what this producer id has sent before, and does not store it again.
    if (stays && !(idempotent && knownToBroker)) copies.push(attempt)
    knownToBroker ||= stays
    if (trouble === 'producer-restarted') {
      // A new process, a new producer id: to the broker, the event is a new one, and its retries begin anew.
      knownToBroker = false
      retriesLeft = retries
      continue
    }
    // With acks 1 the leader answers as soon as it has written, with 'all' not before the copies are made.
    const answered = trouble === 'none' || (trouble === 'leader-lost' && acks === 1)
    // With acks 0 there is no answer to wait for, so nothing is ever repeated.
    if (answered || acks === 0 || retriesLeft === 0) break
    retriesLeft -= 1
  }
  return copies
}

/** What the consumer did the work for, in order, crashes and repetitions included. */
function consume(log: string[], { consumer, crashes }: DeliveryPlan): string[] {
  const worked: string[] = []
  const toCome = [...crashes]
  let committed = 0
  let steps = 0
  const dies = () => {
    if (toCome[0] !== steps) return false
    toCome.shift()
    return true
  }
  while (committed < log.length) {
    // Every life of the consumer begins here: at the committed offset, which is all that has outlived the one before.
    const end = Math.min(committed + consumer.batch, log.length)
    const work = log.slice(committed, end).map((id) => () => void worked.push(id))
    const commit = () => {
      committed = end
    }
    for (const step of consumer.commit === 'before-work' ? [commit, ...work] : [...work, commit]) {
      if (dies()) break
      step()
      steps += 1
    }
  }
  return worked
}

export function idempotent(handler: Handler, store: Store): Handler {
  return (event) =>
    // One transaction for the question, the effect and the mark: a crash leaves all of it or nothing, and nobody else can
    // ask in between. The mark lies where the effect lies, so it lives exactly as long.
    store.transaction(async () => {
      const mark = `done:${event.eventId}`
      if ((await store.get(mark)) !== null) return
      await handler(event)
      await store.set(mark, 'yes')
    })
}
