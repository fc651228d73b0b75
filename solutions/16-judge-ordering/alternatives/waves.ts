// Another way: waves of one event of each order; handlers of different orders side by side, resolved up to the first that failed.

import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Puts what belongs together on one lane each, without changing the order on it. */
function lanes<T>(all: Iterable<T>, of: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const lane = found.get(of(one))
    if (lane) lane.push(one)
    else found.set(of(one), [one])
  }
  return found
}

/** Sends the events, oldest first. Resolves when the broker has stored all of them. */
export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  const orders = [...lanes(events, ({ orderId }) => orderId).values()]
  // The first event of every order, then the second of every order, ... Nothing is sent while something is on its way.
  const wave = async (n: number): Promise<void> => {
    const messages = orders.flatMap((order) =>
      order.slice(n, n + 1).map((event) => ({ key: event.orderId, value: JSON.stringify(event) })),
    )
    if (messages.length === 0) return
    await producer.sendBatch({ topicMessages: [{ topic, messages }] })
    return wave(n + 1)
  }
  await wave(0)
}

/** Handles the events of a topic, from its beginning. Resolves when the consumer is running; its owner stops it. */
export async function follow(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
): Promise<void> {
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      const work = batch.messages.map(({ offset, value }) => ({
        offset,
        event: JSON.parse(String(value)) as BookEvent,
      }))
      const done = new Set<string>()
      // Orders side by side, the events of each one after the other.
      const ends = await Promise.allSettled(
        [...lanes(work, ({ event }) => event.orderId).values()].map(async (lane) => {
          for (const { offset, event } of lane) {
            if (!isRunning() || isStale()) return
            await handle(event)
            done.add(offset)
            await heartbeat()
          }
        }),
      )
      // What may be committed: up to the first one that was not handled.
      for (const { offset } of work) {
        if (!done.has(offset)) break
        resolveOffset(offset)
      }
      for (const end of ends) if (end.status === 'rejected') throw end.reason
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

const scopes: Record<Rule['within'], (trace: Trace) => string> = {
  order: ({ orderId }) => orderId,
  user: ({ userId }) => userId,
  topic: () => 'topic',
}

/** Every two of a list, the earlier one of the list first. */
function* pairs<T>(list: T[]): Generator<[T, T]> {
  for (const [i, a] of list.entries()) {
    for (const b of list.slice(i + 1)) yield [a, b]
  }
}

const tests: [cause: Cause, fits: (first: Trace, second: Trace) => boolean][] = [
  ['no-key', (a, b) => a.partition !== b.partition && (a.key === null || b.key === null)],
  ['key-moved', (a, b) => a.partition !== b.partition && a.key === b.key],
  ['different-keys', (a, b) => a.partition !== b.partition],
  ['not-awaited', (a, b) => a.offset < b.offset],
  ['two-producers', (a, b) => a.producer !== b.producer],
  ['retried', (a) => a.attempts > 1],
]

/** Finds every pair of events that the rule wants in order and that was not handled in order, and why. */
export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  const history = traces.slice().sort((a, b) => a.sequence - b.sequence)
  const groups = lanes(history, scopes[rule.within])

  const violations: Violation[] = []
  const scattered: string[] = []
  for (const [name, group] of groups) {
    if (new Set(group.map(({ partition }) => partition)).size > 1) scattered.push(name)
    for (const [a, b] of pairs(group)) {
      if (b.handled.from >= a.handled.to) continue
      const cause = tests.find(([, fits]) => fits(a, b))?.[0] ?? 'sent-together'
      violations.push({ first: a.eventId, second: b.eventId, cause })
    }
  }

  const hotKeys: string[] = []
  const keyed = lanes(
    traces.flatMap(({ key }) => (key === null ? [] : [key])),
    (key) => key,
  )
  for (const [key, { length }] of keyed) {
    if (length * 100 > rule.hotPercent * traces.length) hotKeys.push(key)
  }
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

/** With order by a key: hot if the busiest one is more than a partition's fair share, and growth moves it. */
const byKey = (key: 'orderId' | 'userId', { partitions, busiest, mayGrow }: Scenario): KeyAdvice => {
  const may: Record<'hot-key' | 'growth', boolean> = {
    'hot-key': busiest[key] > 100 / partitions,
    growth: mayGrow,
  }
  return { key, partitions, warnings: (['growth', 'hot-key'] as const).filter((warning) => may[warning]) }
}

const advisers: Record<Scenario['order'], (scenario: Scenario) => KeyAdvice> = {
  none: ({ partitions }) => ({ key: 'eventId', partitions, warnings: [] }),
  order: (scenario) => byKey('orderId', scenario),
  user: (scenario) => byKey('userId', scenario),
  topic: () => ({ key: 'eventId', partitions: 1, warnings: ['one-at-a-time'] }),
}

/** Which key to send with, on how many partitions, and what to look out for. */
export function chooseKey(scenario: Scenario): KeyAdvice {
  return advisers[scenario.order](scenario)
}
