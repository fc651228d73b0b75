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
  // In a transaction kafkajs numbers its records anyway; `idempotent` lets it retry for as long as it takes.
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  const consumer = kafka.consumer(settings)
  const report: RunReport = { transferred: 0 }
  try {
    await producer.connect()
    // Before the consumer learns its offsets: whatever the process before us left open must be over by then.
    await fence(producer)

    await consumer.connect()
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      // A consumer that ends by itself says so with this event only.
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const eachMessage: Parameters<typeof consumer.run>[0] = {
        autoCommit: false,
        eachMessage: async ({ partition, message: { offset, value } }) => {
          try {
            const result = f(JSON.parse(String(value)))
            await inTransaction(producer, async (transaction) => {
              await transaction.send({
                topic: to,
                messages: [{ key: result.orderId, value: JSON.stringify(result) }],
              })
              await transaction.sendOffsets({
                consumerGroupId: settings.groupId,
                // The next offset to read, as in any commit.
                topics: [{ topic: from, partitions: [{ partition, offset: String(BigInt(offset) + 1n) }] }],
              })
            })
            report.transferred += 1
            if (report.transferred < max) return
            resolve()
          } catch (error) {
            // Thrown from here, it would go to kafkajs, which may call us again: with this event, or not.
            reject(error)
          }
          // Not awaited: stop() waits for this very function. From the call on, no event is handed out.
          void consumer.stop()
        },
      }
      consumer.run(eachMessage).catch(reject)
    })
  } finally {
    await consumer.disconnect()
    await producer.disconnect()
  }
  return report
}

/**
 * Aborts what another producer of this transactional id has open, and shuts it out. kafkajs asks for its producer id when
 * the first transaction begins, not in connect(); a transaction without records costs no request of its own.
 */
async function fence(producer: Producer) {
  const transaction = await producer.transaction()
  await transaction.abort()
}

/** Commits what `work` has put into the transaction, or nothing of it. */
async function inTransaction(producer: Producer, work: (transaction: Transaction) => Promise<void>) {
  const transaction = await producer.transaction()
  try {
    await work(transaction)
    await transaction.commit()
  } catch (error) {
    // After a commit that failed there is nothing to abort: it may have got through. The group's offsets tell, at the next start.
    if (transaction.isActive()) await transaction.abort().catch(() => {})
    throw error
  }
}
