// Another right way: every order is a lane of its own. Lanes are sent and handled side by side, and inside a lane all wait.

import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

function lanesOf<T>(items: T[], laneOf: (item: T) => string): T[][] {
  const lanes: Record<string, T[]> = {}
  for (const item of items) {
    lanes[laneOf(item)] ??= []
    lanes[laneOf(item)]?.push(item)
  }
  return Object.values(lanes)
}

export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  await Promise.all(
    lanesOf(events, ({ orderId }) => orderId).map((lane) =>
      producer.send({
        topic,
        messages: lane.map((event) => ({ key: Buffer.from(event.orderId), value: JSON.stringify(event) })),
      }),
    ),
  )
}

export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachBatch: async ({ batch, heartbeat }) => {
      const events = batch.messages.map(({ value }) => JSON.parse(String(value)) as BookEvent)
      const walk = async (lane: BookEvent[]) => {
        for (const event of lane) {
          await handle(event)
          await heartbeat()
        }
      }
      // The batch is done when all lanes are.
      await Promise.all(lanesOf(events, ({ orderId }) => orderId).map(walk))
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

const names = {
  order: ({ orderId }: Trace) => orderId,
  user: ({ userId }: Trace) => userId,
  topic: () => 'topic',
}

/** The first of these that fits is the cause. */
const causes: [Cause, (first: Trace, second: Trace) => boolean][] = [
  ['no-key', (a, b) => a.partition !== b.partition && (a.key === null || b.key === null)],
  ['key-moved', (a, b) => a.partition !== b.partition && a.key === b.key],
  ['different-keys', (a, b) => a.partition !== b.partition],
  ['not-awaited', (a, b) => a.offset < b.offset],
  ['two-producers', (a, b) => a.producer !== b.producer],
  ['retried', (a) => a.attempts > 1],
  ['sent-together', () => true],
]

export function analyzeOrdering(traces: Trace[], { within, hotPercent }: Rule): OrderingReport {
  const report: OrderingReport = { violations: [], scattered: [], hotKeys: [] }
  for (const lane of lanesOf(traces, names[within])) {
    if (lane.some(({ partition }) => partition !== lane[0]?.partition)) {
      report.scattered.push(...lane.slice(0, 1).map(names[within]))
    }
    for (const first of lane) {
      for (const second of lane.filter(({ sequence }) => sequence > first.sequence)) {
        if (first.handled.to <= second.handled.from) continue
        const [cause] = causes.find(([, fits]) => fits(first, second)) as [Cause, unknown]
        report.violations.push({ first: first.eventId, second: second.eventId, cause })
      }
    }
  }
  for (const { key } of traces) {
    const share = (100 * traces.filter((other) => other.key === key).length) / traces.length
    if (key !== null && share > hotPercent && !report.hotKeys.includes(key)) report.hotKeys.push(key)
  }
  return report
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
  const advice: KeyAdvice = { key: null, partitions, warnings: [] }
  switch (order) {
    case 'none':
      advice.key = 'eventId'
      return advice
    case 'topic':
      advice.partitions = 1
      advice.warnings.push('one-at-a-time')
      break
    default: {
      const key = `${order}Id` as const
      advice.key = key
      if (busiest[key] / 100 > 1 / partitions) advice.warnings.push('hot-key')
    }
  }
  if (mayGrow) advice.warnings.unshift('growth')
  return advice
}
