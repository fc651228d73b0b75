import type { Consumer, Producer } from 'kafkajs'
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
 * Hands every event of the topic to `handle`, from its beginning, until `signal` is aborted. Consumer and producer come
 * connected; their owner disconnects them. It works on good days: see what happens to an event that `handle` cannot handle.
 */
export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  { topic, signal }: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const report: RetryReport = { handled: 0, deadLettered: 0 }
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    // If it fails, kafkajs tries again.
    eachMessage: async ({ partition, message: { offset, value } }) => {
      await handle(JSON.parse(String(value)), { topic, partition, offset })
      report.handled += 1
    },
  })
  await aborted(signal)
  await consumer.stop()
  return report
}

/** Resolves when the signal is aborted. Ready to use: no need to change it. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
