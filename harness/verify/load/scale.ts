import { randomBytes } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { consumerOf, kafkaAt, producerOf } from './figures.ts'
import type { Figures } from './job.ts'

/** The sizes that are compared: 1, 10 and 100 times as much. */
export const FACTORS = [1, 10, 100] as const

const RECORDS = 10_000
const RECORD_BYTES = 100
const BATCH = 500
const PARTITIONS = 10
/** A thousand partitions take real Kafka a while. */
const SLOW_MS = 30_000

/** Microseconds for each record and for each partition, where there are `factor` times as many of them. */
export async function measureScale(bootstrap: string, name: string, factor: number): Promise<Figures> {
  const kafka = kafkaAt(bootstrap)
  const admin = kafka.admin()
  await admin.connect()
  const topics = { deep: `${name}-deep`, wide: `${name}-wide` }
  const partitions = PARTITIONS * factor
  try {
    await admin.createTopics({ topics: [{ topic: topics.deep, numPartitions: 1 }], waitForLeaders: false })
    const createMs = await ms(() =>
      admin.createTopics({
        topics: [{ topic: topics.wide, numPartitions: partitions }],
        timeout: SLOW_MS,
        waitForLeaders: false,
      }),
    )
    const records = RECORDS * factor
    const deep = await writeAndRead(kafka, { topic: topics.deep, records, partitions: 1 })
    const wide = await writeAndRead(kafka, { topic: topics.wide, records: partitions, partitions })
    return {
      writeRecord: (deep.writeMs * 1000) / records,
      readRecord: (deep.readMs * 1000) / records,
      createPartition: (createMs * 1000) / partitions,
      writePartition: (wide.writeMs * 1000) / partitions,
      readPartition: (wide.readMs * 1000) / partitions,
    }
  } finally {
    await admin.deleteTopics({ topics: Object.values(topics), timeout: SLOW_MS })
    await admin.disconnect()
  }
}

/** Fills one topic with a million records of 100 bytes. */
export async function writeMillion(bootstrap: string): Promise<Figures> {
  const kafka = kafkaAt(bootstrap)
  const admin = kafka.admin()
  await admin.connect()
  const topic = 'bench-million'
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
  await write(kafka, { topic, records: 1_000_000, partitions: 1 })
  await admin.disconnect()
  return {}
}

export interface Load {
  topic: string
  records: number
  partitions: number
}

export async function writeAndRead(kafka: Kafka, load: Load): Promise<{ writeMs: number; readMs: number }> {
  // The first record finds out where the partitions are.
  await write(kafka, { ...load, records: load.partitions })
  const writeMs = await ms(() => write(kafka, load))
  const readMs = await read(kafka, { ...load, records: load.records + load.partitions })
  return { writeMs, readMs }
}

/** Spreads records over the partitions, in sends of 500. */
async function write(kafka: Kafka, { topic, records, partitions }: Load): Promise<void> {
  const producer = producerOf(kafka)
  await producer.connect()
  const value = randomBytes(RECORD_BYTES)
  for (let sent = 0; sent < records; sent += BATCH) {
    const length = Math.min(BATCH, records - sent)
    const messages = Array.from({ length }, (_, index) => ({ value, partition: (sent + index) % partitions }))
    await producer.send({ topic, messages })
  }
  await producer.disconnect()
}

/** Milliseconds from `consumer.run` of a new group to the last record. */
async function read(kafka: Kafka, { topic, records }: Load): Promise<number> {
  const consumer = consumerOf(kafka, `${topic}-read`)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let left = records
  const startedAt = performance.now()
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        left -= batch.messages.length
        if (left <= 0) resolve()
      },
    })
  })
  const took = performance.now() - startedAt
  await consumer.disconnect()
  return took
}

async function ms(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
