import { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshName } from '../test-broker.ts'
import { SEGMENT_MS, type StorageScene, storageScene } from './storage-scene.ts'

let scene: StorageScene
let kafka: Kafka
let admin: Admin

beforeAll(async () => {
  scene = await storageScene()
  kafka = new Kafka({ brokers: [scene.bootstrap], logLevel: logLevel.NOTHING })
  admin = kafka.admin()
  await admin.connect()
})

afterAll(async () => {
  await admin.disconnect()
  await scene.close()
})

const HOUR_MS = 3_600_000
const old = Date.now() - HOUR_MS

/** What a new group reads from the beginning on, until a record with the value `end` comes: `3 a=1`. */
async function readAll(topic: string): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: freshName(), maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const seen: string[] = []
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    const eachMessage = async ({
      message,
    }: {
      message: { offset: string; key: unknown; value: unknown }
    }) => {
      seen.push(`${message.offset} ${message.key}=${message.value}`)
      if (String(message.value) === 'end') resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return seen
}

it('kafkajs reads over the gaps of a compacted topic, and over batches that are empty', async () => {
  const topic = await scene.topicWith(1, {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0',
    'segment.ms': String(SEGMENT_MS),
  })
  const producer = await scene.newProducer()
  await scene.sendRecords(topic, 'a=1', old)
  await scene.sendRecords(topic, 'a=2', old, { ...producer, baseSequence: 0 })
  await scene.sendRecords(topic, 'b=1 a=3', old)
  await scene.sendRecords(topic, 'b=2', old)
  await scene.sendRecords(topic, 'c=end', old + SEGMENT_MS + 1)
  await expect
    .poll(() => scene.batches(topic), { timeout: 15_000, interval: 50 })
    .toEqual(['1-1', '2-3 3:a=3', '4-4 4:b=2', '5-5 5:c=end'])
  expect(await readAll(topic)).toEqual(['3 a=3', '4 b=2', '5 c=end'])
  expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, low: '0', high: '6' }])
})

it('kafkajs goes on from the new start when retention took what it wanted to read', async () => {
  const topic = await scene.topicWith(1, {
    'retention.ms': String(HOUR_MS / 2),
    'segment.ms': String(SEGMENT_MS),
  })
  await scene.sendRecords(topic, 'a=1 a=2', old)
  await scene.sendRecords(topic, 'a=3 a=end', Date.now())
  const low = async () => (await admin.fetchTopicOffsets(topic))[0]?.low
  await expect.poll(low, { timeout: 15_000, interval: 50 }).toBe('2')
  expect(await readAll(topic)).toEqual(['2 a=3', '3 a=end'])
})
