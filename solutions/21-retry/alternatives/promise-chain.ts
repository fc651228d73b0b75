// Another way: attempts as a recursive chain of promises; a dead letter that is refused goes to kafkajs.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachMessagePayload, IHeaders, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface RetryConfig {
  topic: string
  /** Where records go that cannot be handled. It exists, with as many partitions as somebody chose. */
  deadLetterTopic: string
  /** How often an event is handed out at most, the first time included. From 1. */
  attempts: number
  /** Milliseconds before the second attempt. Each further pause is twice as long as the one before it ... */
  initialDelayMs: number
  /** ... but no pause is meant to be longer than this. */
  maxDelayMs: number
  /** Milliseconds between two heartbeats while an event waits for its next attempt. */
  heartbeatMs: number
  /** Aborted when the shop closes. */
  signal: AbortSignal
}

/** Where a record lies. */
export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export interface RetryReport {
  /** Events whose handler ended well. */
  handled: number
  /** Records that are stored in the dead-letter topic. */
  deadLettered: number
}

/** Handles one event. Rejects when it could not. */
export type Handler = (event: BookEvent, at: Delivery) => Promise<void>

/**
 * eachMessage as one chain of promises, an attempt calls the next one. A heartbeat that rejects and a dead letter that
 * cannot be stored leave eachMessage, for kafkajs to deal with. A pause is given up when the shop closes.
 */
export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  { topic, deadLetterTopic, attempts, initialDelayMs, maxDelayMs, heartbeatMs, signal }: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const report: RetryReport = { handled: 0, deadLettered: 0 }

  const eachMessage = ({ partition, message, heartbeat }: EachMessagePayload): Promise<void> => {
    const at: Delivery = { topic, partition, offset: message.offset }

    const pause = (until: number): Promise<void> => {
      const left = until - performance.now()
      return left <= 0
        ? Promise.resolve()
        : sleep(Math.ceil(Math.min(left, heartbeatMs)), undefined, { signal })
            .then(heartbeat, () => Promise.reject(closing()))
            .then(() => pause(until))
    }

    const setAside = (error: unknown, handedOut: number): Promise<void> =>
      producer
        .send({
          topic: deadLetterTopic,
          messages: [
            {
              key: message.key,
              value: message.value,
              headers: {
                ...writable(message.headers),
                'original-topic': topic,
                'original-partition': String(partition),
                'original-offset': message.offset,
                'error-name': error instanceof Error ? text(error.name) : 'NotAnError',
                'error-message': text(error instanceof Error ? error.message : error),
                attempts: String(handedOut),
              },
            },
          ],
        })
        .then(() => {
          report.deadLettered += 1
        })

    const attempt = (event: BookEvent, nth: number, delay: number): Promise<void> =>
      new Promise<void>((resolve) => resolve(handle(event, at))).then(
        () => {
          report.handled += 1
        },
        (error: unknown) =>
          nth >= attempts || isFinal(error)
            ? setAside(error, nth)
            : pause(performance.now() + Math.min(delay, maxDelayMs) + 1).then(() =>
                attempt(event, nth + 1, delay * 2),
              ),
      )

    const read = parse(message.value)
    return 'event' in read ? attempt(read.event, 1, initialDelayMs) : setAside(read.error, 0)
  }

  // Whether kafkajs has crashed and is not yet back in the group.
  let down = false
  const forget: (() => void)[] = []
  const over = new Promise<void>((resolve, reject) => {
    forget.push(
      consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
        down = restart
        if (!restart) reject(error)
      }),
      consumer.on(consumer.events.GROUP_JOIN, () => {
        down = false
      }),
    )
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  over.catch(() => {}) // It is looked at below; until then nobody shall miss a handler.

  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommitThreshold: 1, eachMessage })
    await over
  } finally {
    // stop() misses a consumer that is about to join again: wait until it has joined, or has crashed anew.
    while (down && isStarting(consumer)) await sleep(50)
    await consumer.stop()
    for (const off of forget) off()
  }
  return report
}

/** Leaves eachMessage when the shop closes. It is final, so kafkajs neither commits the record nor tries again. */
function closing(): Error {
  return Object.assign(new Error('the shop closes'), { retriable: false })
}

/** A crashed consumer that waits for its restart has no group, and pause() says so. */
function isStarting(consumer: Consumer): boolean {
  try {
    consumer.pause([])
    return true
  } catch {
    return false
  }
}

const FINAL: ReadonlySet<unknown> = new Set(['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError'])

function isFinal(thrown: unknown): boolean {
  const { name, retriable } = Object(thrown) as { name?: unknown; retriable?: unknown }
  return retriable === false || FINAL.has(name)
}

function parse(value: Buffer | null): { event: BookEvent } | { error: unknown } {
  if (value === null) return { error: new Error('the record has no value') }
  try {
    return { event: JSON.parse(value.toString()) as BookEvent }
  } catch (error) {
    return { error }
  }
}

function text(thing: unknown): string {
  try {
    return String(thing)
  } catch {
    return Object.prototype.toString.call(thing)
  }
}

/** kafkajs reads headers that are null, and cannot write them. */
function writable(headers: IHeaders | undefined): IHeaders {
  const result: IHeaders = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    result[name] = Array.isArray(value) ? value.map((one) => one ?? '') : (value ?? '')
  }
  return result
}
