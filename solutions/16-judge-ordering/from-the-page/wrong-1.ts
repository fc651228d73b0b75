// From the page alone. First verdict: failed, sends-not-awaited: what was sent last was stored before the one ahead of it.
// Wrong: takes the key for the whole cure; the sends of one order are still on their way at the same time, and may arrive in another order.
import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Sends the events, oldest first. Resolves when the broker has stored all of them. */
export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  await Promise.all(
    events.map((event) =>
      producer.send({
        topic,
        // The same key for all events of an order: one partition, and Kafka keeps the order in it.
        messages: [{ key: event.orderId, value: JSON.stringify(event) }],
      }),
    ),
  )
}

/** Handles the events of a topic, from its beginning. Resolves when the consumer is running; its owner stops it. */
export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { value } }) => {
      await handle(JSON.parse(String(value)) as BookEvent)
    },
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

function causeOf(first: Trace, second: Trace): Cause {
  if (first.partition !== second.partition) {
    if (first.key === null || second.key === null) return 'no-key'
    return first.key === second.key ? 'key-moved' : 'different-keys'
  }
  if (first.offset < second.offset) return 'not-awaited'
  if (first.producer !== second.producer) return 'two-producers'
  return first.attempts > 1 ? 'retried' : 'sent-together'
}

/** Finds every pair of events that the rule wants in order and that was not handled in order, and why. */
export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const groups = new Map<string, Trace[]>()
  const counts = new Map<string, number>()
  for (const trace of [...traces].sort((a, b) => a.sequence - b.sequence)) {
    const scope = rule.within === 'order' ? trace.orderId : rule.within === 'user' ? trace.userId : 'topic'
    groups.set(scope, [...(groups.get(scope) ?? []), trace])
    if (trace.key !== null) counts.set(trace.key, (counts.get(trace.key) ?? 0) + 1)
  }

  const violations: Violation[] = []
  const scattered: string[] = []
  for (const [scope, group] of groups) {
    if (new Set(group.map(({ partition }) => partition)).size > 1) scattered.push(scope)
    group.forEach((first, i) => {
      for (const second of group.slice(i + 1)) {
        if (second.handled.from >= first.handled.to) continue
        violations.push({ first: first.eventId, second: second.eventId, cause: causeOf(first, second) })
      }
    })
  }

  const hotKeys = [...counts].filter(([, n]) => n * 100 > rule.hotPercent * traces.length).map(([key]) => key)
  return { violations, scattered, hotKeys }
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

/** Which key to send with, on how many partitions, and what to look out for. */
export function chooseKey(scenario: Scenario): KeyAdvice {
  const { order, partitions, busiest, mayGrow } = scenario
  if (order === 'none') return { key: null, partitions, warnings: [] }
  if (order === 'topic') return { key: 'orderId', partitions: 1, warnings: ['one-at-a-time'] }

  const key = order === 'order' ? 'orderId' : 'userId'
  const warnings: Warning[] = []
  if (busiest[key] > 100 / partitions) warnings.push('hot-key')
  if (mayGrow) warnings.push('growth')
  return { key, partitions, warnings }
}
