import { randomUUID } from 'node:crypto'
import type { Consumer, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

// Part one: a program that works on good days. Each order goes through OrderPlaced, OrderConfirmed, OrderShipped and
// OrderDelivered, and the status page shows whatever was handled last.

/** Sends the events, oldest first. Resolves when the broker has stored all of them. */
export async function publish(producer: Producer, topic: string, events: BookEvent[]): Promise<void> {
  await Promise.all(
    events.map((event) =>
      producer.send({
        topic,
        // A new key for every record, so that all partitions get the same share of the work.
        messages: [{ key: randomUUID(), value: JSON.stringify(event) }],
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
      // Go on at once: a slow event should not hold up the ones behind it.
      handle(JSON.parse(String(value))).catch(console.error)
    },
  })
}

// Part two: what happened to the events of a run, and which of them were handled out of order.

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

/** Finds every pair of events that the rule wants in order and that was not handled in order, and why. */
export function analyzeOrdering(traces: Trace[], rule: Rule): OrderingReport {
  throw new Error('TODO analyzeOrdering: which pairs were handled out of order, and what was the reason?')
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
  throw new Error('TODO chooseKey: which key keeps the order, and what does it cost?')
}
