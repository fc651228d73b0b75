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
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  const consumer = kafka.consumer(settings)
  const report: RunReport = { transferred: 0 }

  const transfer = (partition: number, offset: string, value: Buffer | null) => {
    const event: BookEvent = JSON.parse(String(value))
    const result = f(event)
    return inTransaction(producer, async (transaction) => {
      await transaction.send({
        topic: to,
        messages: [{ key: event.orderId, value: JSON.stringify(result) }],
      })
      await transaction.sendOffsets({
        consumerGroupId: settings.groupId,
        topics: [{ topic: from, partitions: [{ partition, offset: String(BigInt(offset) + 1n) }] }],
      })
    })
  }

  try {
    await producer.connect()
    await takeOver(producer)
    await consumer.connect()
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const running = consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message: { offset, value } }) => {
          try {
            await transfer(partition, offset, value)
            report.transferred += 1
            if (report.transferred < max) return
            resolve()
          } catch (error) {
            reject(error)
          }
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

async function takeOver(producer: Producer) {
  const transaction = await producer.transaction()
  await transaction.abort()
}

async function inTransaction(producer: Producer, work: (transaction: Transaction) => Promise<void>) {
  const transaction = await producer.transaction()
  try {
    await work(transaction)
    await transaction.commit()
  } catch (error) {
    if (transaction.isActive()) await transaction.abort().catch(() => {})
    throw error
  }
}
