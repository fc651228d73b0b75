// Another right way: one send after the other, each awaited; partitions side by side; and the analysis as a list of questions.

import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  for (const event of events) {
    const message = { key: event.orderId, value: Buffer.from(JSON.stringify(event)) }
    await producer.send({ topic, acks: -1, messages: [message] })
  }
}

export function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  return consumer.subscribe({ topics: [topic], fromBeginning: true }).then(() =>
    consumer.run({
      autoCommitThreshold: 1,
      partitionsConsumedConcurrently: 3,
      eachMessage: ({ message }) => handle(JSON.parse(message.value?.toString() ?? 'null')),
    }),
  )
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

class Pair {
  private readonly first: Trace
  private readonly second: Trace

  constructor(one: Trace, other: Trace) {
    const inOrder = one.sequence < other.sequence
    this.first = inOrder ? one : other
    this.second = inOrder ? other : one
  }

  get wasKept() {
    return this.first.handled.to <= this.second.handled.from
  }

  get violation(): Violation {
    return { first: this.first.eventId, second: this.second.eventId, cause: this.cause }
  }

  private get cause(): Cause {
    const { first, second } = this
    if (first.partition === second.partition) return this.causeInPartition
    if ([first.key, second.key].includes(null)) return 'no-key'
    return first.key !== second.key ? 'different-keys' : 'key-moved'
  }

  private get causeInPartition(): Cause {
    const { first, second } = this
    if (second.offset > first.offset) return 'not-awaited'
    if (second.producer !== first.producer) return 'two-producers'
    return first.attempts === 1 ? 'sent-together' : 'retried'
  }
}

export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const nameOf = (trace: Trace) => ({ order: trace.orderId, user: trace.userId, topic: 'topic' })[rule.within]
  const related = traces.flatMap((one, at) =>
    traces.slice(at + 1).flatMap((other) => (nameOf(one) === nameOf(other) ? [[one, other] as const] : [])),
  )
  const counts = new Map<string, number>()
  for (const { key } of traces) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  const apart = related.filter(([one, other]) => one.partition !== other.partition)
  return {
    violations: related
      .map(([one, other]) => new Pair(one, other))
      .filter((pair) => !pair.wasKept)
      .map((pair) => pair.violation),
    scattered: [...new Set(apart.map(([one]) => nameOf(one)))],
    hotKeys: [...counts]
      .filter(([, count]) => count > (rule.hotPercent / 100) * traces.length)
      .map(([key]) => key),
  }
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

export function chooseKey(scenario: Scenario): KeyAdvice {
  const keys = { none: null, order: 'orderId', user: 'userId', topic: 'orderId' } as const
  const key = keys[scenario.order]
  const partitions = scenario.order === 'topic' ? 1 : scenario.partitions
  const applies: Record<Warning, boolean> = {
    'hot-key': key !== null && scenario.busiest[key] * partitions > 100,
    growth: key !== null && scenario.mayGrow,
    'one-at-a-time': scenario.order === 'topic',
  }
  const warnings = (Object.keys(applies) as Warning[]).filter((warning) => applies[warning])
  return { key, partitions, warnings }
}
