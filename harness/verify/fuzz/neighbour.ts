import { once } from 'node:events'
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs'

/** Longer than this for one record there and back, and the neighbour was disturbed, in milliseconds. */
const PATIENCE_MS = 60_000

/** A well-behaved kafkajs client beside the hostile ones: it sends numbers, and wants each back once and in order. */
export class Neighbour {
  readonly topic = 'neighbour'
  sent = 0
  received = 0
  slowestMs = 0
  readonly #producer: Producer
  readonly #consumer: Consumer
  readonly #arrivals = new EventTarget()
  #problem: string | null = null

  constructor(bootstrap: string) {
    const kafka = new Kafka({ clientId: 'neighbour', brokers: [bootstrap], logLevel: logLevel.NOTHING })
    this.#producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    this.#consumer = kafka.consumer({ groupId: 'neighbour', maxWaitTimeInMs: 100 })
  }

  async open(): Promise<void> {
    await this.#producer.connect()
    await this.#consumer.connect()
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      this.#problem ??= `the consumer crashed: ${payload.error.message}`
    })
    await this.#consumer.subscribe({ topic: this.topic, fromBeginning: true })
    await this.#consumer.run({
      eachMessage: async ({ message }) => {
        if (String(message.value) !== String(this.received)) {
          this.#problem ??= `record ${message.value} came where ${this.received} was due`
        }
        this.received += 1
        this.#arrivals.dispatchEvent(new Event('record'))
      },
    })
  }

  /** Sends one record and waits until it has come back; a problem in words, or null. */
  async roundTrip(): Promise<string | null> {
    const startedAt = performance.now()
    const deadline = AbortSignal.timeout(PATIENCE_MS)
    try {
      await this.#producer.send({ topic: this.topic, acks: -1, messages: [{ value: String(this.sent) }] })
      this.sent += 1
      while (this.received < this.sent) await once(this.#arrivals, 'record', { signal: deadline })
    } catch (error) {
      this.#problem ??= `record ${this.sent} did not come back: ${(error as Error).message}`
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt)
    return this.#problem
  }

  async close(): Promise<void> {
    await this.#consumer.disconnect()
    await this.#producer.disconnect()
  }
}
