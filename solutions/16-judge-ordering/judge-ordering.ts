import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  // One send, so one request for each broker: what is in it keeps its order. The key is what the order hangs on.
  await producer.send({
    topic,
    messages: events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })),
  })
}

export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    // Returned, and so waited for: kafkajs hands out the next record, and commits, when this one is done. An error of
    // the handler gets to kafkajs as well, which comes back to this record instead of going on with the next one.
    eachMessage: ({ message: { value } }) => handle(JSON.parse(String(value))),
  })
}

export interface Trace {
  eventId: string
  orderId: string
  userId: string
  sequence: number
  occurredAt: number
  key: string | null
  producer: string
  attempts: number
  partition: number
  offset: bigint
  handled: { from: number; to: number }
}

export interface Rule {
  within: 'order' | 'user' | 'topic'
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

export interface Violation {
  first: string
  second: string
  cause: Cause
}

export interface OrderingReport {
  violations: Violation[]
  scattered: string[]
  hotKeys: string[]
}

export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const groups = groupBy(traces, ({ orderId, userId }) => {
    if (rule.within === 'topic') return 'topic'
    return rule.within === 'order' ? orderId : userId
  })
  const keyed = traces.filter(({ key }) => key !== null)
  return {
    violations: [...groups.values()].flatMap(violationsIn),
    scattered: [...groups].filter(([, members]) => isScattered(members)).map(([name]) => name),
    hotKeys: [...groupBy(keyed, ({ key }) => String(key))]
      .filter(([, records]) => records.length * 100 > rule.hotPercent * traces.length)
      .map(([key]) => key),
  }
}

function violationsIn(members: Trace[]): Violation[] {
  // The sequence says what happened first. Timestamps come from several clocks, and offsets only say what was stored first.
  const inOrder = members.toSorted((a, b) => a.sequence - b.sequence)
  return inOrder.flatMap((first, at) =>
    inOrder
      .slice(at + 1)
      .filter((second) => second.handled.from < first.handled.to)
      .map((second) => ({
        first: first.eventId,
        second: second.eventId,
        cause: causeOf(first, second),
      })),
  )
}

/** Follows the way of the two records, from where it parts: partition, place in the partition, handler. */
function causeOf(first: Trace, second: Trace): Cause {
  if (first.partition !== second.partition) {
    if (first.key === null || second.key === null) return 'no-key'
    return first.key === second.key ? 'key-moved' : 'different-keys'
  }
  if (first.offset > second.offset) {
    if (first.producer !== second.producer) return 'two-producers'
    return first.attempts > 1 ? 'retried' : 'sent-together'
  }
  return 'not-awaited'
}

function isScattered(members: Trace[]): boolean {
  return new Set(members.map(({ partition }) => partition)).size > 1
}

function groupBy<T>(items: T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item])
  return groups
}

export interface Scenario {
  order: 'none' | 'order' | 'user' | 'topic'
  partitions: number
  busiest: { orderId: number; userId: number }
  mayGrow: boolean
}

export type Warning = 'hot-key' | 'growth' | 'one-at-a-time'

export interface KeyAdvice {
  key: 'orderId' | 'userId' | 'eventId' | null
  partitions: number
  warnings: Warning[]
}

export function chooseKey({ order, partitions, busiest, mayGrow }: Scenario): KeyAdvice {
  // Without a need for order, a key could only crowd a partition.
  if (order === 'none') return { key: null, partitions, warnings: [] }
  // Kafka orders a partition, never a topic; so this topic must be one partition.
  if (order === 'topic') return { key: null, partitions: 1, warnings: ['one-at-a-time'] }

  // The narrowest key that holds together what belongs together. Order is not traded for balance: a hot key is a warning.
  const key = order === 'order' ? 'orderId' : 'userId'
  const warnings: Warning[] = []
  if (busiest[key] * partitions > 100) warnings.push('hot-key')
  if (mayGrow) warnings.push('growth')
  return { key, partitions, warnings }
}
