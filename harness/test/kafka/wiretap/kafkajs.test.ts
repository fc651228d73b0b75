import { Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { topicView } from '../../../check/topic-view.ts'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { committedPartitions } from '../../../kafka/wiretap/commits.ts'
import { type Lane, openWiretap, type Wiretap } from '../../../kafka/wiretap/open.ts'
import { producedRecords } from '../../../kafka/wiretap/produced.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { freshName, testBroker } from '../test-broker.ts'

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client
let wiretap: Wiretap
let lane: Lane
let topic: string

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
})
afterAll(async () => {
  client.close()
  await broker.close()
})
beforeEach(async () => {
  wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  lane = await wiretap.lane('one')
  topic = freshName()
  await topicView(client, topic).create({ partitions: 3 })
})
afterEach(() => wiretap.close())

function kafkaOn(address: string): Kafka {
  const retry = { initialRetryTime: 10, retries: 5 }
  return new Kafka({ clientId: 'test', brokers: [address], logLevel: logLevel.NOTHING, retry })
}

/** Sends one record through the lane, as a scene would, and gives what kafkajs said. */
async function send(options: { acks?: number; value?: string } = {}): Promise<unknown> {
  const producer = kafkaOn(lane.address).producer()
  await producer.connect()
  try {
    const messages = [{ key: 'ORD-1', value: options.value ?? 'hello' }]
    return await producer.send({ topic, messages, acks: options.acks ?? -1 }).catch((error: Error) => error)
  } finally {
    await producer.disconnect()
  }
}

test('what a producer sends is in the journal, with the place that the broker gave it', async () => {
  await send()
  await lane.close()
  const [record] = producedRecords(wiretap.journal)
  expect(record).toMatchObject({ topic, acks: -1, key: Buffer.from('ORD-1'), error: null, offset: 0n })
  const [stored] = await topicView(client, topic).records()
  expect(stored).toMatchObject({ key: 'ORD-1', value: 'hello', partition: record?.partition, offset: '0' })
  expect(strip(wiretap.journal).map(({ text }) => text)).toEqual([
    expect.stringMatching(
      `^topic ${topic}  partition ${record?.partition}  acks -1  key "ORD-1"  -> offset 0  timestamp .*  hello$`,
    ),
  ])
})

test('a transaction is told from its producer id to its end', async () => {
  const kafka = kafkaOn(lane.address)
  const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1 })
  await producer.connect()
  const messages = [{ partition: 0, value: 'hello' }]
  const committed = await producer.transaction()
  await committed.send({ topic, messages })
  const offsets = [{ topic, partitions: [{ partition: 0, offset: '0' }] }]
  await committed.sendOffsets({ consumerGroupId: topic, topics: offsets })
  await committed.commit()
  const aborted = await producer.transaction()
  await aborted.send({ topic, messages })
  await aborted.abort()
  await producer.disconnect()
  await expect.poll(() => topicView(client, topic).endOffsets()).toMatchObject({ 0: '4' })
  await lane.close()
  const words = ['commit', 'abort', 'group', 'in a transaction', 'producer']
  const told = strip(wiretap.journal)
    // A real broker may refuse for a moment what comes right after an end.
    .filter(({ api, text }) => !api.startsWith('Find') && !text.includes('CONCURRENT_TRANSACTIONS'))
    .map(({ api, text }) => `${api} ${words.filter((word) => text.includes(word)).join(', ')}`.trimEnd())
  expect(told).toEqual([
    'InitProducerId producer',
    'AddPartitionsToTxn',
    'Produce in a transaction',
    'AddOffsetsToTxn group',
    'TxnOffsetCommit group',
    'EndTxn commit',
    'AddPartitionsToTxn',
    'Produce in a transaction',
    'EndTxn abort',
  ])
})

test('acks 0 gets no answer, and the next request on the connection works', async () => {
  const producer = kafkaOn(lane.address).producer()
  await producer.connect()
  await producer.send({ topic, acks: 0, messages: [{ key: 'a', value: 'first' }] })
  await producer.send({ topic, acks: 1, messages: [{ key: 'a', value: 'second' }] })
  await producer.disconnect()
  await lane.close()
  const records = producedRecords(wiretap.journal)
  expect(records.map(({ acks, offset }) => [acks, offset])).toEqual([
    [0, null],
    [1, 1n],
  ])
})

test('every connection of a client stays within its lane', async () => {
  await send()
  const metadata = wiretap.journal.filter(({ api }) => api === 'Metadata')
  expect(metadata.length).toBeGreaterThan(0)
  for (const { response } of metadata) {
    const { brokers } = response as { brokers: { host: string; port: number }[] }
    expect(brokers.map(({ host }) => host)).toEqual(brokers.map(() => '127.0.0.1'))
    expect(broker.bootstrap).not.toContain(String(brokers[0]?.port))
  }
})

test('a group joins, is assigned, reads and commits in plain sight', async () => {
  await topicView(client, topic).append([0, 1, 2].map((partition) => ({ partition, value: `v${partition}` })))
  const group = freshName()
  const consumer = kafkaOn(lane.address).consumer({ groupId: group, maxWaitTimeInMs: 100 })
  const seen: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          seen.push(String(message.value))
          if (seen.length === 3) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  await lane.close()
  expect(seen.sort()).toEqual(['v0', 'v1', 'v2'])
  const commits = committedPartitions(wiretap.journal)
  expect(commits.filter(({ error, answered }) => error !== null || !answered)).toEqual([])
  expect(new Map(commits.map(({ partition, offset }) => [partition, offset]))).toEqual(
    new Map([0, 1, 2].map((partition) => [partition, 1n])),
  )
  const lines = strip(wiretap.journal)
  const of = (api: string) => lines.filter((line) => line.api === api).map(({ text }) => text)
  expect(of('SyncGroup')).toEqual([expect.stringContaining(`assigned ${topic} [0,1,2]`)])
  expect(of('Fetch').sort()).toEqual(
    [0, 1, 2].map((one) => `topic ${topic}  partition ${one}  from offset 0  -> 1 record`),
  )
  expect(of('LeaveGroup')).toHaveLength(1)
})

test('an admin gets the same answers as without a wiretap', async () => {
  const admin = kafkaOn(lane.address).admin()
  await admin.connect()
  const other = `${topic}-other`
  expect(await admin.createTopics({ topics: [{ topic: other, numPartitions: 2 }] })).toBe(true)
  expect(await admin.createTopics({ topics: [{ topic: other, numPartitions: 2 }] })).toBe(false)
  expect((await admin.fetchTopicOffsets(other)).map(({ high }) => high)).toEqual(['0', '0'])
  await admin.disconnect()
  const created = strip(wiretap.journal).filter(({ api }) => api === 'CreateTopics')
  expect(created.map(({ text }) => text)).toEqual([
    `topic ${other}  2 partitions  -> created`,
    `topic ${other}  2 partitions  -> TOPIC_ALREADY_EXISTS`,
  ])
})

test('two lanes share a journal, and the strip names them', async () => {
  await send({ value: 'from one' })
  lane = await wiretap.lane('two')
  await send({ value: 'from two' })
  expect(strip(wiretap.journal).map(({ lane: name, text }) => [name, text.includes(`from ${name}`)])).toEqual(
    [
      ['one', true],
      ['two', true],
    ],
  )
})
