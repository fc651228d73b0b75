// Another way: eachBatch with three partitions at a time, delays from a generator, heartbeats beside the pause.

import { once } from 'node:events'
import { setInterval as every, setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage, Message, Producer } from 'kafkajs'
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

type Heartbeat = () => Promise<void>

/**
 * eachBatch without automatic commits, three partitions at a time. Heartbeats go beside a pause, in an interval of their
 * own. A dead letter is tried again for as long as the shop is open. When the shop closes, a batch is just left.
 */
class Retrier {
  readonly #consumer: Consumer
  readonly #producer: Producer
  readonly #config: RetryConfig
  readonly #handle: Handler
  /** Where the handled events lie. One that was handled twice, because a commit got lost, is one event. */
  readonly #handled = new Set<string>()
  #deadLettered = 0
  #down = false

  constructor(consumer: Consumer, producer: Producer, config: RetryConfig, handle: Handler) {
    this.#consumer = consumer
    this.#producer = producer
    this.#config = config
    this.#handle = handle
  }

  async run(): Promise<RetryReport> {
    const consumer = this.#consumer
    const { topic, signal } = this.#config
    const { CRASH, GROUP_JOIN } = consumer.events
    const crash = new Promise<never>((_, reject) => {
      consumer.on(CRASH, ({ payload }) => {
        this.#down = payload.restart
        if (!payload.restart) reject(payload.error)
      })
    })
    crash.catch(() => {})
    consumer.on(GROUP_JOIN, () => {
      this.#down = false
    })

    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => this.#batch(payload),
    })
    try {
      await Promise.race([crash, signal.aborted ? undefined : once(signal, 'abort')])
    } finally {
      await this.#stop()
    }
    return { handled: this.#handled.size, deadLettered: this.#deadLettered }
  }

  async #batch({
    batch,
    heartbeat,
    isRunning,
    isStale,
    resolveOffset,
    commitOffsetsIfNecessary,
  }: EachBatchPayload) {
    const { topic, partition } = batch
    for (const message of batch.messages) {
      if (this.#config.signal.aborted || !isRunning() || isStale()) return
      if (!(await this.#settle(message, { topic, partition, offset: message.offset }, heartbeat))) return
      const offset = String(BigInt(message.offset) + 1n)
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
      resolveOffset(message.offset)
      await heartbeat()
    }
  }

  /** True when the record is handled, or its dead letter is stored. False when the shop closes before. */
  async #settle(message: KafkaMessage, at: Delivery, heartbeat: Heartbeat): Promise<boolean> {
    let event: BookEvent
    try {
      if (message.value === null) throw new Error('null instead of an event')
      event = JSON.parse(message.value.toString('utf8')) as BookEvent
    } catch (error) {
      return this.#setAside(letter(message, at, error, 0), heartbeat)
    }

    const delays = this.#delays()
    for (let handedOut = 1; ; handedOut += 1) {
      let failure: { error: unknown }
      try {
        await this.#handle(event, at)
        this.#handled.add(`${at.partition}:${at.offset}`)
        return true
      } catch (error) {
        failure = { error }
      }
      if (handedOut >= this.#config.attempts || isFinal(failure.error)) {
        return this.#setAside(letter(message, at, failure.error, handedOut), heartbeat)
      }
      if (!(await this.#pause(delays.next().value, heartbeat))) return false
    }
  }

  async #setAside(message: Message, heartbeat: Heartbeat): Promise<boolean> {
    const delays = this.#delays()
    for (;;) {
      const end = new AbortController()
      // It may reject here. So will the heartbeat after the commit, and that one counts.
      const pulse = this.#pulse(heartbeat, end.signal).catch(() => {})
      try {
        const topic = this.#config.deadLetterTopic
        await this.#producer.sendBatch({ topicMessages: [{ topic, messages: [message] }] })
        this.#deadLettered += 1
        return true
      } catch {
        // Not stored. Behind this record nothing goes on.
      } finally {
        end.abort()
        await pulse
      }
      if (!(await this.#pause(delays.next().value, heartbeat))) return false
    }
  }

  *#delays(): Generator<number, never> {
    const { initialDelayMs, maxDelayMs } = this.#config
    for (let ms = initialDelayMs; ; ms *= 2) yield Math.min(ms, maxDelayMs)
  }

  /** True when the time is over, false when the shop closes. Rejects with a heartbeat. */
  async #pause(ms: number, heartbeat: Heartbeat): Promise<boolean> {
    const { signal } = this.#config
    if (signal.aborted) return false
    const end = new AbortController()
    const close = () => end.abort()
    signal.addEventListener('abort', close, { once: true })
    const alarm = sleep(ms + 2, undefined, { signal: end.signal })
    const pulse = this.#pulse(heartbeat, end.signal)
    try {
      await Promise.race([alarm, pulse])
      return true
    } catch (error) {
      if (signal.aborted) return false
      throw error
    } finally {
      signal.removeEventListener('abort', close)
      end.abort()
      await Promise.allSettled([alarm, pulse])
    }
  }

  async #pulse(heartbeat: Heartbeat, signal: AbortSignal): Promise<void> {
    for await (const _ of every(this.#config.heartbeatMs, undefined, { signal })) await heartbeat()
  }

  /** stop() does not reach a consumer that is about to join again after a crash. So let it join, or crash, before. */
  async #stop(): Promise<void> {
    while (this.#down) {
      try {
        this.#consumer.pause([]) // Throws while kafkajs waits for the restart: then stop() prevents it.
      } catch {
        break
      }
      await sleep(50)
    }
    await this.#consumer.stop()
  }
}

/** Hands every event of the topic to `handle`, from its beginning, until `signal` is aborted. */
export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  config: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  return new Retrier(consumer, producer, config, handle).run()
}

function isFinal(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false
  if ('retriable' in thrown && thrown.retriable === false) return true
  return 'name' in thrown && /^(Syntax|Type|Range|Reference)Error$/.test(asText(thrown.name))
}

function letter(
  { key, value, headers }: KafkaMessage,
  at: Delivery,
  error: unknown,
  handedOut: number,
): Message {
  const kept: IHeaders = {}
  for (const [name, header] of Object.entries(headers ?? {})) {
    // null is legal in Kafka, kafkajs reads it, and cannot write it.
    kept[name] = Array.isArray(header) ? header.map((one) => one ?? '') : (header ?? '')
  }
  const [name, message] = error instanceof Error ? [error.name, error.message] : [typeof error, error]
  return {
    key,
    value,
    headers: {
      ...kept,
      'original-topic': at.topic,
      'original-partition': `${at.partition}`,
      'original-offset': at.offset,
      'error-name': asText(name),
      'error-message': asText(message),
      attempts: `${handedOut}`,
    },
  }
}

function asText(thing: unknown): string {
  try {
    return String(thing)
  } catch {
    return 'something without a text'
  }
}
