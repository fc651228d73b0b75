// Another way: three transactional ids, partitions side by side, up to five events in one transaction.

import type { ConsumerConfig, EachBatchPayload, Kafka, KafkaMessage, Producer, Transaction } from 'kafkajs'
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

/** So many transactional ids are made from the one in the config, in every run the same. */
const LANES = 3
/** At most so many events share a transaction. */
const CHUNK = 5

/** One transactional id. A partition always goes to the same lane; the transactions of a lane queue up. */
class Lane {
  readonly #producer: Producer
  #last: Promise<unknown> = Promise.resolve()

  constructor(kafka: Kafka, transactionalId: string) {
    this.#producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  }

  async takeOver(): Promise<void> {
    await this.#producer.connect()
    const first = await this.#producer.transaction()
    await first.abort()
  }

  inTransaction(fill: (transaction: Transaction) => Promise<void>): Promise<void> {
    const turn = this.#last.then(() => this.#whole(fill))
    this.#last = turn.catch(() => {})
    return turn
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect()
  }

  async #whole(fill: (transaction: Transaction) => Promise<void>): Promise<void> {
    const transaction = await this.#producer.transaction()
    await fill(transaction)
      .then(() => transaction.commit())
      .catch(async (error: unknown) => {
        if (transaction.isActive()) await transaction.abort().catch(() => {})
        throw error
      })
  }
}

/**
 * Reads the events of one topic, from where the group has left off, and writes what `f` makes of each to another topic:
 * eachBatch, some events to a transaction, partitions side by side with transactional ids of their own.
 */
export async function transferExactlyOnce(
  kafka: Kafka,
  config: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  const { from, to, transactionalId, max } = config
  const { groupId } = config.consumer
  const lanes = Array.from({ length: LANES }, (_, n) => new Lane(kafka, `${transactionalId}-${n}`))
  const consumer = kafka.consumer(config.consumer)

  /** The last offset that this call has committed, for each partition. Kafka may still name an older one after a rebalance. */
  const committed = new Map<number, bigint>()
  let unclaimed = max
  let transferred = 0
  let over = false
  let finish: () => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const outcome = new Promise<void>((resolve, reject) => {
    finish = () => {
      over = true
      resolve()
    }
    fail = (error) => {
      over = true
      reject(error)
    }
  })
  outcome.catch(() => {}) // It is awaited below, when the consumer runs.

  async function transfer(partition: number, messages: KafkaMessage[], lastOffset: string): Promise<void> {
    const lane = lanes[partition % LANES]
    if (!lane) throw new Error(`no lane for partition ${partition}`)
    const results = messages.map(({ value }) => f(JSON.parse(String(value)) as BookEvent))
    await lane.inTransaction(async (transaction) => {
      await transaction.sendBatch({
        topicMessages: [
          {
            topic: to,
            messages: results.map((result) => ({ key: result.orderId, value: JSON.stringify(result) })),
          },
        ],
      })
      await transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [{ topic: from, partitions: [{ partition, offset: (BigInt(lastOffset) + 1n).toString() }] }],
      })
    })
  }

  async function eachBatch({
    batch,
    heartbeat,
    isRunning,
    isStale,
    resolveOffset,
  }: EachBatchPayload): Promise<void> {
    const { partition } = batch
    for (let start = 0; start < batch.messages.length; start += CHUNK) {
      if (over || !isRunning() || isStale()) return
      const chunk = batch.messages.slice(start, start + CHUNK)
      const fresh = chunk.filter(({ offset }) => BigInt(offset) > (committed.get(partition) ?? -1n))
      const claimed = fresh.slice(0, unclaimed)
      unclaimed -= claimed.length

      const end = claimed.at(-1)
      if (end) {
        try {
          await transfer(partition, claimed, end.offset)
        } catch (error) {
          // Not for kafkajs: it would hand out the same events again. What was open is aborted.
          fail(error)
          return
        }
        committed.set(partition, BigInt(end.offset))
        transferred += claimed.length
        if (transferred === max) finish()
      }
      if (claimed.length < fresh.length) return

      const read = chunk.at(-1)
      if (read) resolveOffset(read.offset)
      await heartbeat() // Rejects in a rebalance, and kafkajs joins again. Nothing is open here.
    }
  }

  try {
    for (const lane of lanes) await lane.takeOver()
    await consumer.connect()
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => fail(error))
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: LANES,
      eachBatch,
    })
    await outcome
  } finally {
    over = true
    await Promise.allSettled([consumer.disconnect()])
    await Promise.allSettled(lanes.map((lane) => lane.disconnect()))
  }
  return { transferred }
}
