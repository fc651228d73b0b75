// Another right way: nobody waits inside eachMessage. The partition of a failed event is paused and set back to it, and resumed
// when its time has come. Meanwhile kafkajs fetches from the other partitions, and sends the heartbeats itself.

import type { Consumer, EachMessagePayload, IHeaders, KafkaMessage, Producer } from 'kafkajs'
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

const FINAL = new Set(['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError'])

class PatientConsumer {
  readonly report: RetryReport = { handled: 0, deadLettered: 0 }
  /** The event that each partition is stuck at, and how often it has failed. */
  readonly #stuck = new Map<number, { offset: string; failures: number }>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #consumer: Consumer
  readonly #producer: Producer
  readonly #config: RetryConfig
  readonly #handle: Handler

  constructor(consumer: Consumer, producer: Producer, config: RetryConfig, handle: Handler) {
    this.#consumer = consumer
    this.#producer = producer
    this.#config = config
    this.#handle = handle
  }

  async run(): Promise<void> {
    const { topic, signal } = this.#config
    const over = new Promise<void>((resolve, reject) => {
      this.#consumer.on(this.#consumer.events.CRASH, ({ payload: { restart, error } }) => {
        if (!restart) reject(error)
      })
      if (signal.aborted) resolve()
      signal.onabort = () => resolve()
    })
    const running = this.#consumer
      .subscribe({ topics: [topic], fromBeginning: true })
      .then(() => this.#consumer.run({ autoCommit: false, eachMessage: (payload) => this.#take(payload) }))
    try {
      await Promise.all([running, over])
    } finally {
      for (const timer of this.#timers) clearTimeout(timer)
      await this.#consumer.stop()
    }
  }

  async #take({ topic, partition, message, pause }: EachMessagePayload): Promise<void> {
    const at = { topic, partition, offset: message.offset }
    const before = this.#stuck.get(partition)
    const failures = before?.offset === message.offset ? before.failures : 0
    const event = read(message)
    if (event instanceof Error) {
      await this.#setAside(message, at, event, 0)
    } else {
      try {
        await this.#handle(event, at)
        this.report.handled += 1
      } catch (error) {
        if (failures + 1 < this.#config.attempts && !isFinal(error)) {
          this.#stuck.set(partition, { offset: message.offset, failures: failures + 1 })
          this.#consumer.seek(at)
          return this.#resumeLater(pause(), failures)
        }
        await this.#setAside(message, at, error, failures + 1)
      }
    }
    this.#stuck.delete(partition)
    await this.#consumer.commitOffsets([{ ...at, offset: String(BigInt(message.offset) + 1n) }])
  }

  #resumeLater(resume: () => void, failures: number): void {
    const { initialDelayMs, maxDelayMs } = this.#config
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        resume()
      },
      Math.min(initialDelayMs * 2 ** failures, maxDelayMs),
    )
    this.#timers.add(timer)
  }

  async #setAside({ key, value, headers }: KafkaMessage, at: Delivery, error: unknown, attempts: number) {
    const [name, text] = error instanceof Error ? [error.name, error.message] : ['thrown', String(error)]
    const about = {
      'original-topic': at.topic,
      'original-partition': at.partition.toString(),
      'original-offset': at.offset,
      'error-name': name,
      'error-message': text,
      attempts: attempts.toString(),
    }
    const message = { key, value, headers: { ...withoutNulls(headers), ...about } }
    const topicMessages = [{ topic: this.#config.deadLetterTopic, messages: [message] }]
    const stored = await this.#producer.sendBatch({ topicMessages, acks: -1 })
    if (stored.length === 0) throw new Error(`A dead letter was stored nowhere: ${JSON.stringify(at)}`)
    this.report.deadLettered += 1
  }
}

function read({ value }: KafkaMessage): BookEvent | Error {
  if (!value) return new Error('The record has no value')
  try {
    return JSON.parse(value.toString('utf8'))
  } catch (error) {
    return error as Error
  }
}

function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('retriable' in error && error.retriable === false) return true
  return 'name' in error && FINAL.has(String(error.name))
}

/** The headers that kafkajs can write: one that is null is left out. */
function withoutNulls(headers: IHeaders = {}): IHeaders {
  const kept: IHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    const values = [value].flat().filter((one) => one != null)
    if (values.length > 0) kept[name] = values
  }
  return kept
}

export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  config: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const patient = new PatientConsumer(consumer, producer, config, handle)
  await patient.run()
  return patient.report
}
