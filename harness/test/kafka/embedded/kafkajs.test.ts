import {
  type Admin,
  ConfigResourceTypes,
  Kafka,
  KafkaJSProtocolError,
  logLevel,
  type Producer,
} from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'

/* Producer and admin of kafkajs against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

let broker: Awaited<ReturnType<typeof testBroker>>
let admin: Admin
let producer: Producer
let idempotent: Producer

beforeAll(async () => {
  broker = await testBroker()
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  admin = kafka.admin()
  producer = kafka.producer({ retry: { retries: 0 } })
  idempotent = kafka.producer({ idempotent: true })
  await Promise.all([admin, producer, idempotent].map((one) => one.connect()))
})

afterAll(async () => {
  await Promise.all([admin, producer, idempotent].map((one) => one.disconnect()))
  await broker.close()
})

async function topicWith(numPartitions = 1, settings: Record<string, string> = {}): Promise<string> {
  const topic = freshName()
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  expect(await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] })).toBe(true)
  return topic
}

async function typeOfError(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason) => reason,
  )
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof KafkaJSProtocolError ? cause.type : String(error)
}

const offsets = async (topic: string) =>
  (await admin.fetchTopicOffsets(topic))
    .sort((one, other) => one.partition - other.partition)
    .map(({ low, high }) => `${low}-${high}`)

describe('producer', () => {
  it('stores by key and by partition, and says where', async () => {
    const topic = await topicWith(3)
    const messages = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
      { partition: 0, value: '3', headers: { note: 'x' } },
    ]
    const sent = await producer.send({ topic, messages })
    expect(
      sent.map(({ partition, baseOffset, errorCode }) => [partition, baseOffset, errorCode]).sort(),
    ).toEqual([
      [0, '0', 0],
      [1, '0', 0],
      [2, '0', 0],
    ])
    expect(await offsets(topic)).toEqual(['0-1', '0-1', '0-1'])
  })

  it('stores with acks 0 and 1', async () => {
    const topic = await topicWith()
    expect(await producer.send({ topic, acks: 0, messages: [{ value: '1' }] })).toEqual([])
    const [second] = await producer.send({ topic, acks: 1, messages: [{ value: '2' }] })
    expect(second?.baseOffset).toBe('1')
  })

  it('numbers its batches when it is idempotent', async () => {
    const topic = await topicWith()
    const sent: (string | undefined)[] = []
    for (const value of ['1', '2', '3']) {
      const [one] = await idempotent.send({ topic, messages: [{ value }, { value }] })
      sent.push(one?.baseOffset)
    }
    expect(sent).toEqual(['0', '2', '4'])
  })

  it('hears why a record is refused', async () => {
    const compacted = await topicWith(1, { 'cleanup.policy': 'compact' })
    const topic = await topicWith()
    const send = (to: string, message: { key?: string; value: string; timestamp?: string }) =>
      typeOfError(producer.send({ topic: to, messages: [message] }))
    const inTwoHours = String(Date.now() + 7_200_000)
    expect(await send(compacted, { value: 'x' })).toBe('INVALID_RECORD')
    expect(await send(topic, { value: 'x'.repeat(1_100_000) })).toBe('MESSAGE_TOO_LARGE')
    expect(await send(topic, { value: 'x', timestamp: inTwoHours })).toBe('INVALID_TIMESTAMP')
    expect(await send(freshName(), { value: 'x' })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('admin', () => {
  it('creates a topic once', async () => {
    const topic = await topicWith()
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false)
    expect(await admin.listTopics()).toContain(topic)
  })

  it('describes topics and the cluster', async () => {
    const topic = await topicWith(2)
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const partitions = topics[0]?.partitions.sort((one, other) => one.partitionId - other.partitionId)
    expect(partitions).toMatchObject([
      { partitionId: 0, leader: 1, replicas: [1], isr: [1], offlineReplicas: [] },
      { partitionId: 1, leader: 1, replicas: [1], isr: [1], offlineReplicas: [] },
    ])
    const { brokers, controller } = await admin.describeCluster()
    expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual([broker.bootstrap])
    expect(controller).toBe(1)
  })

  it('adds partitions', async () => {
    const topic = await topicWith()
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    await expect.poll(() => offsets(topic)).toEqual(['0-0', '0-0', '0-0'])
    const fewer = admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })
    expect(await typeOfError(fewer)).toBe('INVALID_PARTITIONS')
  })

  it('finds offsets by time', async () => {
    const topic = await topicWith()
    const start = Date.now() - 10_000
    const messages = [2000, 1000, 3000].map((after) => ({ value: 'x', timestamp: String(start + after) }))
    for (const message of messages) await producer.send({ topic, messages: [message] })
    const at = async (after: number) =>
      (await admin.fetchTopicOffsetsByTimestamp(topic, start + after))[0]?.offset
    expect([await at(0), await at(1500), await at(2001), await at(3001)]).toEqual(['0', '0', '2', '3'])
  })

  it('deletes records, and offsets stay', async () => {
    const topic = await topicWith()
    for (const value of ['1', '2', '3']) await producer.send({ topic, messages: [{ value }] })
    await offsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] })
    expect(await offsets(topic)).toEqual(['2-3'])
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] })
    expect(await offsets(topic)).toEqual(['3-3'])
  })

  it('starts again at 0 when a topic is deleted and created anew', async () => {
    const topic = await topicWith()
    await producer.send({ topic, messages: [{ value: 'x' }] })
    await admin.deleteTopics({ topics: [topic] })
    expect(await admin.listTopics()).not.toContain(topic)
    await admin.createTopics({ topics: [{ topic }] })
    expect(await offsets(topic)).toEqual(['0-0'])
  })

  async function settingsOf(topic: string, names: string[]) {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: names }]
    const described = await admin.describeConfigs({ resources, includeSynonyms: false })
    const entries = described.resources[0]?.configEntries ?? []
    return Object.fromEntries(
      entries.map(({ configName, configValue, isDefault }) => [configName, [configValue, isDefault]]),
    )
  }

  it('shows the settings of a topic, and which of them are its own', async () => {
    const topic = await topicWith(1, { 'retention.ms': '1000' })
    expect(await settingsOf(topic, ['retention.ms', 'max.message.bytes', 'min.insync.replicas'])).toEqual({
      'retention.ms': ['1000', false],
      'max.message.bytes': ['1048588', true],
      'min.insync.replicas': ['1', false],
    })
  })

  it('replaces all settings of a topic when it alters them', async () => {
    const topic = await topicWith(1, { 'retention.ms': '1000' })
    const alter = (name: string, value: string) => {
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name, value }] }
      return admin.alterConfigs({ validateOnly: false, resources: [resource] })
    }
    await alter('max.message.bytes', '2000')
    await expect
      .poll(() => settingsOf(topic, ['retention.ms', 'max.message.bytes']))
      .toEqual({
        'retention.ms': ['604800000', true],
        'max.message.bytes': ['2000', false],
      })
    expect(await typeOfError(alter('retention.ms', 'never'))).toBe('INVALID_CONFIG')
  })
})
