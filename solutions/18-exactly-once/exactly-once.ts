import type { ConsumerConfig, Kafka, Producer, Transaction } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface TransferConfig {
  from: string
  to: string
  transactionalId: string
  consumer: ConsumerConfig
  max: number
}

export interface RunReport {
  transferred: number
}

export async function transferExactlyOnce(
  kafka: Kafka,
  { from, to, transactionalId, consumer: settings, max }: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  // In a transaction kafkajs numbers its records anyway; `idempotent` says so to the reader.
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  const consumer = kafka.consumer(settings)
  const report: RunReport = { transferred: 0 }
  const nextOffsets = new Map<number, bigint>()

  const transfer = async (partition: number, offset: string, value: Buffer | null) => {
    // Kafka answers a commit before its offsets are valid, and kafkajs does not wait for them when it joins again after a
    // rebalance: it may hand out once more what we have just done.
    if (BigInt(offset) < (nextOffsets.get(partition) ?? 0n)) return
    const next = BigInt(offset) + 1n
    const result = f(JSON.parse(String(value)))
    await inTransaction(producer, async (transaction) => {
      // The records first: while the markers of the last commit are being written, Kafka refuses either of the two for a
      // moment (CONCURRENT_TRANSACTIONS), and only send() tries again.
      await transaction.send({
        topic: to,
        messages: [{ key: result.orderId, value: JSON.stringify(result) }],
      })
      await transaction.sendOffsets({
        consumerGroupId: settings.groupId,
        topics: [{ topic: from, partitions: [{ partition, offset: String(next) }] }],
      })
    })
    nextOffsets.set(partition, next)
    report.transferred += 1
  }

  try {
    await producer.connect()
    // Before the consumer asks for its offsets: what the process before us has left open must be over by then.
    await takeOver(producer)
    await consumer.connect()
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      // A consumer that ends by itself tells so by this event, and in no other way.
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const running = consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message: { offset, value } }) => {
          try {
            await transfer(partition, offset, value)
            if (report.transferred < max) return
            resolve()
          } catch (error) {
            // Thrown from here, it would go to kafkajs, which goes on with this event or the next as it thinks fit.
            reject(error)
          }
          // Not awaited: stop() waits for this very function. It takes effect at once, so no other event is handed out.
          void consumer.stop()
        },
      })
      running.catch(reject)
    })
  } finally {
    await consumer.disconnect()
    await producer.disconnect()
  }
  return report
}

/**
 * Aborts what another producer of this transactional id has open, and shuts that producer out. kafkajs registers an id not in
 * connect() but when the first transaction begins; one without records is over without another request.
 */
async function takeOver(producer: Producer) {
  const transaction = await producer.transaction()
  await transaction.abort()
}

/** Commits all that `work` has put into the transaction, or aborts it and rejects. */
async function inTransaction(producer: Producer, work: (transaction: Transaction) => Promise<void>) {
  const transaction = await producer.transaction()
  try {
    await work(transaction)
    await transaction.commit()
  } catch (error) {
    // After a failed commit there is nothing to abort: it may have got through. The next run learns that from the offsets.
    if (transaction.isActive()) await transaction.abort().catch(() => {})
    throw error
  }
}
