// Wrong idea: a heartbeat that is refused in the pause is an attempt that has failed.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, IHeaders, KafkaMessage, Producer } from 'kafkajs'
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

const FINAL = ['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError']

/** Hands every event of the topic to `handle`, from its beginning, until `signal` is aborted. */
export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  { topic, deadLetterTopic, attempts, initialDelayMs, maxDelayMs, heartbeatMs, signal }: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const report: RetryReport = { handled: 0, deadLettered: 0 }

  async function setAside(
    message: KafkaMessage,
    partition: number,
    thrown: unknown,
    handedOut: number,
  ): Promise<void> {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    await producer.send({
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
            'error-name': String(error.name),
            'error-message': String(error.message),
            attempts: String(handedOut),
          },
        },
      ],
    })
    report.deadLettered += 1
  }

  async function pause(ms: number, heartbeat: () => Promise<void>): Promise<void> {
    const until = Date.now() + ms + 1
    for (let left = ms + 1; left > 0 && !signal.aborted; left = until - Date.now()) {
      await sleep(Math.min(left, heartbeatMs))
      await heartbeat()
    }
    if (signal.aborted) throw Object.assign(new Error('the shop closes'), { retriable: false })
  }

  const over = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) reject(error)
    })
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  over.catch(() => {})

  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message, heartbeat }) => {
      let event: BookEvent
      try {
        if (message.value === null) throw new Error('no value')
        event = JSON.parse(message.value.toString()) as BookEvent
      } catch (error) {
        return setAside(message, partition, error, 0)
      }

      for (let nth = 1; ; nth += 1) {
        try {
          // Whatever goes wrong from here on is a failure of this event.
          if (nth > 1) await pause(Math.min(initialDelayMs * 2 ** (nth - 2), maxDelayMs), heartbeat)
          await handle(event, { topic, partition, offset: message.offset })
          report.handled += 1
          return
        } catch (thrown) {
          if (signal.aborted) throw Object.assign(new Error('the shop closes'), { retriable: false })
          const { name, retriable } = Object(thrown) as { name?: unknown; retriable?: unknown }
          const final = retriable === false || FINAL.includes(String(name))
          if (final || nth >= attempts) return setAside(message, partition, thrown, nth)
        }
      }
    },
  })
  try {
    await over
  } finally {
    await consumer.stop()
  }
  return report
}

/** kafkajs reads headers that are null, and cannot write them. */
function writable(headers: IHeaders = {}): IHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map((one) => one ?? '')]),
  )
}
