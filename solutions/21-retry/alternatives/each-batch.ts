// Another right way: eachBatch, where the loop over the records and each commit are ours, and a timer sends the heartbeats.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, KafkaMessage, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface RetryConfig {
  topic: string
  deadLetterTopic: string
  attempts: number
  initialDelayMs: number
  maxDelayMs: number
  heartbeatMs: number
  signal: AbortSignal
}

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export interface RetryReport {
  handled: number
  deadLettered: number
}

export type Handler = (event: BookEvent, at: Delivery) => Promise<void>

/** Nothing went wrong, or this. */
type Verdict = 'handled' | { tried: number; error: unknown }

export function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  config: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const report: RetryReport = { handled: 0, deadLettered: 0 }

  const eachBatch = async (payload: EachBatchPayload) => {
    const { batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning, isStale } = payload
    const { topic, partition } = batch
    const beating = setInterval(() => heartbeat().catch(() => {}), config.heartbeatMs)
    try {
      for (const message of batch.messages) {
        if (!isRunning() || isStale()) return
        const verdict = await judge(message, { topic, partition, offset: message.offset })
        if (verdict !== 'handled') {
          await producer.send({
            topic: config.deadLetterTopic,
            messages: [deadLetter(message, { topic, partition, offset: message.offset }, verdict)],
          })
        }
        report[verdict === 'handled' ? 'handled' : 'deadLettered'] += 1
        const offset = (BigInt(message.offset) + 1n).toString()
        await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
        resolveOffset(message.offset)
        await heartbeat()
      }
    } finally {
      clearInterval(beating)
    }
  }

  const judge = async ({ value }: KafkaMessage, at: Delivery): Promise<Verdict> => {
    let event: BookEvent | null = null
    try {
      event = JSON.parse(value?.toString() ?? '')
    } catch (error) {
      return { tried: 0, error }
    }
    let delay = config.initialDelayMs
    for (let tried = 1; ; tried += 1) {
      try {
        await handle(event as BookEvent, at)
        return 'handled'
      } catch (error) {
        if (tried === config.attempts || !isWorthAnother(error)) return { tried, error }
      }
      await sleep(delay)
      delay = Math.min(2 * delay, config.maxDelayMs)
    }
  }

  return new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
    const close = () => consumer.stop().then(() => resolve(report), reject)
    consumer
      .subscribe({ topic: config.topic, fromBeginning: true })
      .then(() => consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }))
      .then(() => {
        if (config.signal.aborted) return close()
        config.signal.addEventListener('abort', close)
      })
      .catch(reject)
  })
}

function isWorthAnother(error: unknown): boolean {
  const bug =
    error instanceof SyntaxError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  return !bug && (error as { retriable?: boolean } | null | undefined)?.retriable !== false
}

function deadLetter(message: KafkaMessage, at: Delivery, { tried, error }: Exclude<Verdict, 'handled'>) {
  const { key, value, headers = {} } = message
  // kafkajs reads a header that is null, and cannot write it: an empty list is written as no header.
  const kept = Object.entries(headers).map(([name, list]) => [
    name,
    [list].flat().filter((one) => one != null),
  ])
  return {
    key,
    value,
    headers: {
      ...Object.fromEntries(kept),
      'original-topic': at.topic,
      'original-partition': `${at.partition}`,
      'original-offset': at.offset,
      attempts: `${tried}`,
      'error-name': error instanceof Error ? error.name : 'not an Error',
      'error-message': error instanceof Error ? error.message : `${error}`,
    },
  }
}
