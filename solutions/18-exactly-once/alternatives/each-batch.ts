import type { ConsumerConfig, EachBatchPayload, Kafka, Producer } from 'kafkajs'
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

type F = (event: BookEvent) => BookEvent

// One transaction for each batch: fewer commits, and after a crash more is done again.
export async function transferExactlyOnce(kafka: Kafka, config: TransferConfig, f: F): Promise<RunReport> {
  const producer = kafka.producer({ transactionalId: config.transactionalId })
  await producer.connect()
  const consumer = kafka.consumer({ ...config.consumer, readUncommitted: false })
  try {
    const first = await producer.transaction()
    await first.abort()
    await consumer.connect()
    await consumer.subscribe({ topic: config.from, fromBeginning: true })

    let transferred = 0
    let failure: unknown
    const stopped = new Promise<void>((resolve) => consumer.on(consumer.events.STOP, () => resolve()))
    await consumer.run({
      autoCommit: false,
      eachBatch: async (payload) => {
        if (failure || transferred >= config.max) return
        try {
          transferred += await transferBatch(producer, payload, config, config.max - transferred, f)
        } catch (error) {
          failure = error ?? new Error('failed')
        }
        if (failure || transferred >= config.max) consumer.stop()
      },
    })
    await stopped
    if (failure) throw failure
    return { transferred }
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect()])
  }
}

async function transferBatch(
  producer: Producer,
  { batch, isRunning, isStale }: EachBatchPayload,
  { to, consumer }: TransferConfig,
  most: number,
  f: F,
): Promise<number> {
  if (!isRunning() || isStale()) return 0
  const records = batch.messages.slice(0, most)
  const last = records.at(-1)
  if (!last) return 0
  const { topic, partition } = batch
  const transaction = await producer.transaction()
  try {
    const results = records.map(({ value }) => f(JSON.parse(String(value))))
    const messages = results.map((one) => ({
      key: Buffer.from(one.orderId),
      value: Buffer.from(JSON.stringify(one)),
      headers: { 'event-type': one.type },
    }))
    await transaction.sendBatch({ topicMessages: [{ topic: to, messages }] })
    await transaction.sendOffsets({
      consumerGroupId: consumer.groupId,
      topics: [{ topic, partitions: [{ partition, offset: (BigInt(last.offset) + 1n).toString() }] }],
    })
  } catch (error) {
    await transaction.abort()
    throw error
  }
  await transaction.commit()
  return records.length
}
