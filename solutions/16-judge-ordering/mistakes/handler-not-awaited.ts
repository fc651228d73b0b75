// The wrong idea: a slow event must not hold up the ones behind it.

import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  const messages = events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) }))
  await producer.send({ topic, messages })
}

export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { value } }) => {
      handle(JSON.parse(String(value))).catch(console.error)
    },
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

function groupOf(trace: Trace, { within }: Rule): string {
  return within === 'topic' ? 'topic' : within === 'user' ? trace.userId : trace.orderId
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

export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const sorted = [...traces].sort((a, b) => a.sequence - b.sequence)
  const violations: Violation[] = []
  const partitionsOf = new Map<string, Set<number>>()
  const recordsOf = new Map<string, number>()
  for (const [at, first] of sorted.entries()) {
    const group = groupOf(first, rule)
    partitionsOf.set(group, (partitionsOf.get(group) ?? new Set()).add(first.partition))
    if (first.key !== null) recordsOf.set(first.key, (recordsOf.get(first.key) ?? 0) + 1)
    for (const second of sorted.slice(at + 1)) {
      if (groupOf(second, rule) !== group) continue
      if (second.handled.from >= first.handled.to) continue
      violations.push({ first: first.eventId, second: second.eventId, cause: causeOf(first, second) })
    }
  }
  return {
    violations,
    scattered: [...partitionsOf.keys()].filter((group) => (partitionsOf.get(group)?.size ?? 0) > 1),
    hotKeys: [...recordsOf.keys()].filter(
      (key) => ((recordsOf.get(key) ?? 0) / traces.length) * 100 > rule.hotPercent,
    ),
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

export function chooseKey({ order, partitions, busiest, mayGrow }: Scenario): KeyAdvice {
  if (order === 'none') return { key: null, partitions, warnings: [] }
  if (order === 'topic') return { key: null, partitions: 1, warnings: ['one-at-a-time'] }
  const key = order === 'user' ? 'userId' : 'orderId'
  const hot = busiest[key] > 100 / partitions
  return {
    key,
    partitions,
    warnings: [...(hot ? ['hot-key' as const] : []), ...(mayGrow ? ['growth' as const] : [])],
  }
}
