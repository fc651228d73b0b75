// Another right way: commits by hand, attempts that call each other, and no error that ever reaches kafkajs. When something
// fails beside the events, the service stops itself and tells its owner.

import type { Consumer, EachMessagePayload, IHeaders, Producer } from 'kafkajs'
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
  let handled = 0
  let deadLettered = 0
  let end: (error?: unknown) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error))
  })
  config.signal.addEventListener('abort', () => end())
  if (config.signal.aborted) end()
  ended.catch(() => {})

  const attempt = async (event: BookEvent, payload: EachMessagePayload, nth: number): Promise<void> => {
    const { topic, partition, message } = payload
    try {
      await handle(event, { topic, partition, offset: message.offset })
      handled += 1
    } catch (error) {
      if (nth >= config.attempts || isFinal(error)) return bury(payload, error, nth)
      await pause(nth, payload.heartbeat)
      return attempt(event, payload, nth + 1)
    }
  }

  // A little more than asked for: many members that failed together should not all come back together.
  const pause = (nth: number, heartbeat: () => Promise<void>) =>
    new Promise<void>((resolve) => {
      const { initialDelayMs, maxDelayMs, heartbeatMs } = config
      const until =
        Date.now() + 1 + Math.min(initialDelayMs * 2 ** (nth - 1), maxDelayMs) * (1 + Math.random() / 4)
      const beat = () => {
        heartbeat().catch(() => {})
        const left = until - Date.now()
        if (left <= 0) resolve()
        else setTimeout(beat, Math.min(left, heartbeatMs))
      }
      beat()
    })

  const bury = async (
    { topic, partition, message }: EachMessagePayload,
    error: unknown,
    attempts: number,
  ) => {
    const text = (value: unknown) => Buffer.from(String(value))
    const failure = error instanceof Error ? error : new Error(String(error))
    await producer.send({
      topic: config.deadLetterTopic,
      messages: [
        {
          ...message,
          headers: Object.assign(writable(message.headers), {
            'error-name': text(failure.name),
            'error-message': text(failure.message),
            attempts: text(attempts),
            'original-topic': text(topic),
            'original-partition': text(partition),
            'original-offset': text(message.offset),
          }),
        },
      ],
    })
    deadLettered += 1
  }

  await consumer.subscribe({ topics: [config.topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async (payload) => {
      const { topic, partition, message } = payload
      const parsed = parse(message.value)
      try {
        if ('error' in parsed) await bury(payload, parsed.error, 0)
        else await attempt(parsed.event, payload, 1)
        await consumer.commitOffsets([{ topic, partition, offset: `${BigInt(message.offset) + 1n}` }])
      } catch (error) {
        end(error)
        // Not awaited: it waits for this function. From here on, kafkajs hands out nothing more.
        void consumer.stop()
      }
    },
  })
  return ended.finally(() => consumer.stop()).then(() => ({ handled, deadLettered }))
}

function parse(value: Buffer | null): { event: BookEvent } | { error: unknown } {
  try {
    const event: BookEvent | null = JSON.parse(String(value))
    return event === null ? { error: new TypeError('null is not an event') } : { event }
  } catch (error) {
    return { error }
  }
}

/** A copy in which every header has a value: kafkajs reads null, and throws when it should write it. */
function writable(headers: IHeaders | undefined): IHeaders {
  const copy: IHeaders = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    copy[name] = Array.isArray(value) ? value.map((one) => one ?? '') : (value ?? '')
  }
  return copy
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return /^(Syntax|Type|Range|Reference)Error$/.test(error.name) || Reflect.get(error, 'retriable') === false
}
