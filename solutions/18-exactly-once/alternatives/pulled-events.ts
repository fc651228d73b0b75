// Another way: eachMessage turned into a stream that the main loop pulls from, one transaction for each event.

import type { ConsumerConfig, Kafka, KafkaMessage, Producer, Transaction } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface TransferConfig {
  /** The topic to read. Its values are events as JSON. */
  from: string
  /** The topic to write to; another one. */
  to: string
  /** The same in every run of this service. One process has it at a time. */
  transactionalId: string
  /** For kafka.consumer(), as it is; the group is in there. */
  consumer: ConsumerConfig
  /** Stop after so many events, at least 1. */
  max: number
}

/** What one call of `transferExactlyOnce` did. */
export interface RunReport {
  /** How many events were transferred. */
  transferred: number
}

/** A record that kafkajs has handed over. Its eachMessage returns when `done` is called. */
interface Delivery {
  partition: number
  message: KafkaMessage
  done: () => void
}

/** Turns eachMessage round: what kafkajs pushes on one side is pulled on the other, one record at a time. */
class Counter {
  readonly #waiting: Delivery[] = []
  #wake: () => void = () => {}
  #failure: { error: unknown } | undefined
  #closed = false

  /** Resolves when somebody has dealt with the record, or the counter is closed. */
  offer(partition: number, message: KafkaMessage): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise((done) => {
      this.#waiting.push({ partition, message, done })
      this.#wake()
    })
  }

  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake()
  }

  close(): void {
    this.#closed = true
    for (const { done } of this.#waiting.splice(0)) done()
  }

  async *deliveries(): AsyncGenerator<Delivery, void, undefined> {
    try {
      for (;;) {
        if (this.#failure) throw this.#failure.error
        const delivery = this.#waiting.shift()
        if (!delivery) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          continue
        }
        try {
          yield delivery
        } finally {
          delivery.done()
        }
      }
    } finally {
      this.close()
    }
  }
}

/**
 * Reads the events of one topic, from where the group has left off, and writes what `f` makes of each to another topic:
 * one transaction for each event, in a loop that asks for the next one.
 */
export async function transferExactlyOnce(
  kafka: Kafka,
  { from, to, transactionalId, consumer: consumerConfig, max }: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  const consumer = kafka.consumer(consumerConfig)
  const counter = new Counter()
  // The next offset of each partition, by our own commits: after a rebalance, kafkajs may be told an older one.
  const next = new Map<number, bigint>()
  let transferred = 0

  try {
    await producer.connect()
    await (await producer.transaction()).abort() // From here on, whoever had the id is shut out.

    await consumer.connect()
    consumer.on(consumer.events.CRASH, ({ payload }) => counter.fail(payload.error))
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ partition, message }) => counter.offer(partition, message),
    })

    for await (const { partition, message } of counter.deliveries()) {
      const offset = BigInt(message.offset)
      if (offset < (next.get(partition) ?? 0n)) continue

      const result = f(JSON.parse(String(message.value)) as BookEvent)
      await inTransaction(producer, async (transaction) => {
        await transaction.send({
          topic: to,
          messages: [{ key: result.orderId, value: JSON.stringify(result) }],
        })
        await transaction.sendOffsets({
          consumerGroupId: consumerConfig.groupId,
          topics: [{ topic: from, partitions: [{ partition, offset: String(offset + 1n) }] }],
        })
      })
      next.set(partition, offset + 1n)
      transferred += 1
      if (transferred >= max) break
    }
    return { transferred }
  } finally {
    counter.close()
    // Leaves the group, and calls off a restart after a crash. What goes wrong here changes nothing any more.
    await consumer.disconnect().catch(() => {})
    await producer.disconnect().catch(() => {})
  }
}

async function inTransaction(
  producer: Producer,
  fill: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const transaction = await producer.transaction()
  try {
    await fill(transaction)
    await transaction.commit()
  } catch (error) {
    // After a commit() that failed it is not active: it may well be committed. The offsets of the group know.
    if (transaction.isActive()) await transaction.abort().catch(() => {})
    throw error
  }
}
