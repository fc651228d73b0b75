// The wrong idea: a header that is there already is right already.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, IHeaders, Producer } from 'kafkajs'
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

export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  config: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const { topic, deadLetterTopic, attempts, initialDelayMs, maxDelayMs, heartbeatMs, signal } = config
  const report: RetryReport = { handled: 0, deadLettered: 0 }
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error)
    })
  })
  crashed.catch(() => {})

  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message, heartbeat }) => {
      const at = { topic, partition, offset: message.offset }
      const setAside = async (error: unknown, tried: number) => {
        const { name, message: text } = error instanceof Error ? error : new Error(String(error))
        const headers = {
          'original-topic': topic,
          'original-partition': String(partition),
          'original-offset': message.offset,
          attempts: String(tried),
          'error-name': name,
          'error-message': text,
          ...writable(message.headers),
        }
        await producer.send({
          topic: deadLetterTopic,
          messages: [{ key: message.key, value: message.value, headers }],
        })
        report.deadLettered += 1
      }

      let event: BookEvent
      try {
        if (message.value === null) throw new Error('no value')
        event = JSON.parse(message.value.toString())
      } catch (error) {
        return setAside(error, 0)
      }
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        try {
          await handle(event, at)
          report.handled += 1
          return
        } catch (error) {
          if (attempt === attempts || isFinal(error)) return setAside(error, attempt)
        }
        const pauseMs = Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs)
        for (let waited = 0; waited < pauseMs; waited += heartbeatMs) {
          await sleep(Math.min(heartbeatMs, pauseMs - waited))
          await heartbeat()
        }
      }
    },
  })
  await Promise.race([aborted(signal), crashed])
  await consumer.stop()
  return report
}

const BUGS = ['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError']

function isFinal(error: unknown): boolean {
  if (error instanceof Error && BUGS.includes(error.name)) return true
  return error instanceof Error && 'retriable' in error && error.retriable === false
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** kafkajs reads headers that are null, and cannot write them. */
function writable(headers: IHeaders = {}): IHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map((one) => one ?? '')]),
  )
}
