import type { ConsumerConfig, Kafka, Producer } from 'kafkajs'
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

// A transactional id for each partition that is read. So several processes can share the work: whoever gets a partition
// shuts out whoever had it. (Kafka Streams did it like this before KIP-447.)
export async function transferExactlyOnce(
  kafka: Kafka,
  { from, to, transactionalId, consumer: settings, max }: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  const { groupId } = settings
  const admin = kafka.admin()
  const consumer = kafka.consumer(settings)
  let producers = new Map<number, Producer>()
  const disconnectAll = () => Promise.all([...producers.values()].map((one) => one.disconnect()))
  consumer.on(consumer.events.GROUP_JOIN, async () => {
    // Somebody else may have had our partitions in between.
    const old = [...producers.values()]
    producers = new Map()
    for (const producer of old) await producer.disconnect()
  })

  const takePartition = async (partition: number): Promise<Producer> => {
    const producer = kafka.producer({
      transactionalId: `${transactionalId}-${partition}`,
      idempotent: true,
      maxInFlightRequests: 1,
    })
    producers.set(partition, producer)
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.abort()
    return producer
  }

  // The consumer got its offset before the one before us was shut out: it may have gone on since.
  const committed = async (partition: number): Promise<bigint> => {
    const [found] = await admin.fetchOffsets({ groupId, topics: [from] })
    return BigInt(found?.partitions.find((one) => one.partition === partition)?.offset ?? -1)
  }

  let transferred = 0
  const eachEvent = async (partition: number, offset: bigint, value: Buffer | null) => {
    let producer = producers.get(partition)
    if (!producer) {
      producer = await takePartition(partition)
      const next = await committed(partition)
      if (next > offset) {
        consumer.seek({ topic: from, partition, offset: String(next) })
        return
      }
    }
    const result = f(JSON.parse(String(value)))
    const transaction = await producer.transaction()
    try {
      await transaction.send({
        topic: to,
        messages: [{ key: result.orderId, value: JSON.stringify(result) }],
      })
      const partitions = [{ partition, offset: String(offset + 1n) }]
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: from, partitions }] })
      await transaction.commit()
    } catch (error) {
      if (transaction.isActive()) await transaction.abort()
      throw error
    }
    transferred += 1
  }

  await Promise.all([admin.connect(), consumer.connect()])
  try {
    await consumer.subscribe({ topics: [from], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const eachMessage: NonNullable<Parameters<typeof consumer.run>[0]>['eachMessage'] = async (one) => {
        try {
          await eachEvent(one.partition, BigInt(one.message.offset), one.message.value)
          if (transferred < max) return
          resolve()
        } catch (error) {
          reject(error)
        }
        void consumer.stop()
      }
      consumer.run({ autoCommit: false, eachMessage }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
    await disconnectAll()
    await admin.disconnect()
  }
  return { transferred }
}
