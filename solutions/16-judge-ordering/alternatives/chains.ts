// Another way: a chain of sends for each order, each record committed on its own, and a judge who hears one event after the other.

import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Sends the events, oldest first. Resolves when the broker has stored all of them. */
export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  // One chain of promises for each order: its next event is sent when its last one is stored. The chains do not wait.
  const chains = events.reduce((all, event) => {
    const before = all.get(event.orderId) ?? Promise.resolve()
    return all.set(
      event.orderId,
      before.then(async () => {
        await producer.send({
          topic,
          acks: -1,
          messages: [{ key: event.orderId, value: JSON.stringify(event) }],
        })
      }),
    )
  }, new Map<string, Promise<void>>())
  await Promise.all(chains.values())
}

/** Handles the events of a topic, from its beginning. Resolves when the consumer is running; its owner stops it. */
export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    // Each record is committed on its own, as soon as its handler has ended.
    autoCommitThreshold: 1,
    // As many partitions as there are at once; within one of them kafkajs waits for the promise of `eachMessage`.
    partitionsConsumedConcurrently: 8,
    eachMessage: ({ message: { value } }) =>
      Promise.resolve(value)
        .then((bytes) => JSON.parse(bytes?.toString('utf8') ?? 'null') as BookEvent)
        .then(handle),
  })
}

/** One event on its way, from the service that made it to the end of its handler. */
export interface Trace {
  eventId: string
  orderId: string
  userId: string
  /** The bookstore's own count over all its events: 1, 2, 3, ... This is the order in which things happened. */
  sequence: number
  /** Milliseconds, by the clock of the machine that made the event. There are several machines. */
  occurredAt: number
  key: string | null
  /** Which producer sent it, and how many attempts that took. */
  producer: string
  attempts: number
  partition: number
  offset: bigint
  /** When its handler began and ended, in milliseconds. One clock for all of them. */
  handled: { from: number; to: number }
}

export interface Rule {
  /** Which events have to keep their order among themselves: those of an order, those of a user, or all of the topic. */
  within: 'order' | 'user' | 'topic'
  /** A key is hot when more than so many percent of the records have it. */
  hotPercent: number
}

export type Cause =
  | 'no-key'
  | 'different-keys'
  | 'key-moved'
  | 'two-producers'
  | 'retried'
  | 'sent-together'
  | 'not-awaited'

/** Two event ids: `first` happened before `second`, and its handler had not ended when that of `second` began. */
export interface Violation {
  first: string
  second: string
  cause: Cause
}

export interface OrderingReport {
  violations: Violation[]
  /** Order ids, user ids or 'topic', as the rule has it: those whose events lie in more than one partition. */
  scattered: string[]
  hotKeys: string[]
}

class Judge {
  readonly #scopeOf: (trace: Trace) => string
  readonly #violations: Violation[] = []
  readonly #earlier = new Map<string, Trace[]>()
  readonly #places = new Map<string, Set<number>>()
  readonly #keys = new Map<string, number>()
  #records = 0

  constructor(within: Rule['within']) {
    this.#scopeOf = (trace) =>
      within === 'topic' ? within : within === 'user' ? trace.userId : trace.orderId
  }

  /** Hears one event after the other, in the order in which they happened. */
  hear(second: Trace): void {
    this.#records += 1
    if (second.key !== null) this.#keys.set(second.key, 1 + (this.#keys.get(second.key) ?? 0))

    const scope = this.#scopeOf(second)
    this.#places.set(scope, (this.#places.get(scope) ?? new Set<number>()).add(second.partition))

    const earlier = this.#earlier.get(scope) ?? []
    for (const first of earlier) {
      if (second.handled.from < first.handled.to) {
        this.#violations.push({
          first: first.eventId,
          second: second.eventId,
          cause: Judge.#cause(first, second),
        })
      }
    }
    this.#earlier.set(scope, [...earlier, second])
  }

  static #cause(first: Trace, second: Trace): Cause {
    if (first.partition === second.partition) {
      if (second.offset > first.offset) return 'not-awaited'
      if (second.producer !== first.producer) return 'two-producers'
      return first.attempts > 1 ? 'retried' : 'sent-together'
    }
    if ([first, second].some(({ key }) => key === null)) return 'no-key'
    return first.key === second.key ? 'key-moved' : 'different-keys'
  }

  report(hotPercent: number): OrderingReport {
    return {
      violations: this.#violations,
      scattered: Array.from(this.#places).flatMap(([scope, { size }]) => (size > 1 ? [scope] : [])),
      hotKeys: Array.from(this.#keys).flatMap(([key, n]) =>
        n * 100 > hotPercent * this.#records ? [key] : [],
      ),
    }
  }
}

/** Finds every pair of events that the rule wants in order and that was not handled in order, and why. */
export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const judge = new Judge(rule.within)
  const order = traces
    .map((_, i) => i)
    .sort((a, b) => (traces[a]?.sequence ?? 0) - (traces[b]?.sequence ?? 0))
  for (const i of order) {
    const trace = traces[i]
    if (trace) judge.hear(trace)
  }
  return judge.report(rule.hotPercent)
}

/** What is known before a topic is made. */
export interface Scenario {
  /** Which events have to keep their order among themselves. */
  order: 'none' | 'order' | 'user' | 'topic'
  partitions: number
  /** The share of all records, in percent, that the busiest order and the busiest user have. */
  busiest: { orderId: number; userId: number }
  /** Whether more partitions may be added later. */
  mayGrow: boolean
}

export type Warning = 'hot-key' | 'growth' | 'one-at-a-time'

export interface KeyAdvice {
  key: 'orderId' | 'userId' | 'eventId' | null
  partitions: number
  warnings: Warning[]
}

function* warningsFor({ order, partitions, busiest, mayGrow }: Scenario): Generator<Warning> {
  if (order === 'none') return
  if (order === 'topic') {
    yield 'one-at-a-time'
    return
  }
  const key = `${order}Id` as const
  if (busiest[key] > 100 / partitions) yield 'hot-key'
  if (mayGrow) yield 'growth'
}

/** Which key to send with, on how many partitions, and what to look out for. */
export function chooseKey(scenario: Scenario): KeyAdvice {
  const { order, partitions } = scenario
  const key = order === 'none' ? null : order === 'order' ? 'orderId' : 'userId'
  return { key, partitions: order === 'topic' ? 1 : partitions, warnings: [...warningsFor(scenario)] }
}
