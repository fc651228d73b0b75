import type { BookEvent } from '#bookstore'

/** What can befall one attempt to send an event. */
export type Trouble =
  /** It never gets to the broker. */
  | 'request-lost'
  /** It is stored and copied, and the answer gets lost on its way to the producer. */
  | 'answer-lost'
  /** The leader writes it and dies for good before any follower has a copy. */
  | 'leader-lost'
  /** It is stored, and then the producer's process dies. Started again, it does not know, and sends the event once more. */
  | 'producer-restarted'

/** Events on their way from a producer through one partition to a consumer, and all that goes wrong meanwhile. */
export interface DeliveryPlan {
  /** The ids of the events. They are sent one after the other, each until the producer is through with it. */
  events: string[]
  /** `retries`: how often an attempt that ended in an error is repeated. `idempotent` only with acks 'all'. */
  producer: { acks: 0 | 1 | 'all'; retries: number; idempotent: boolean }
  /** By event id: what befalls the first attempt, the second, ...; those after that go well. */
  trouble: Record<string, Trouble[]>
  /** It reads up to `batch` records at a time, and commits before or after the work for all of them. */
  consumer: { commit: 'before-work' | 'after-work'; batch: number }
  /** The consumer dies after so many steps, counted on through all its restarts. Rising numbers, from 0. */
  crashes: number[]
}

export interface Outcome {
  /** The events for which the work was never done. */
  lost: string[]
  /** The events for which it was done more than once. */
  duplicated: string[]
}

/** The database of a service. What is set stays, whatever happens to the process. */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /**
   * Keeps all that `work` sets, at the moment when `work` has resolved. Keeps nothing of it when `work` rejects, or when
   * the process dies before that moment. One transaction at a time: the others wait. It resolves and rejects as `work`
   * does.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>
}

/** Does the work for an event. */
export type Handler = (event: BookEvent) => Promise<void>

/** Plays the plan to its end and counts what the consumer has done. */
export function simulate(plan: DeliveryPlan): Outcome {
  throw new Error('TODO simulate: what gets into the log, and what does the consumer do with it?')
}

/** A handler that does the work of `handler` once for each event, however often the event comes. */
export function idempotent(handler: Handler, store: Store): Handler {
  throw new Error('TODO idempotent: which events are done, and where is that written down?')
}
