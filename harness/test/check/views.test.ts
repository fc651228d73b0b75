import { Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { groupView } from '../../check/group-view.ts'
import { topicView } from '../../check/topic-view.ts'
import { wireView } from '../../check/wire-view.ts'
import { BrokerError, type Client, connect } from '../../kafka/client/client.ts'
import { DeleteRecords } from '../../kafka/protocol/api/21-delete-records.ts'
import { openWiretap } from '../../kafka/wiretap/open.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client
let kafka: Kafka
let name: string
const toClose: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
  kafka = new Kafka({ clientId: 'view-test', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
})
afterAll(async () => {
  client.close()
  await broker.close()
})
beforeEach(() => {
  name = freshName()
})
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})

describe('topic', () => {
  test('a topic that does not exist is null, and has no records to read', async () => {
    const topic = topicView(client, name)
    expect(await topic.partitions()).toBeNull()
    expect(await topic.config('retention.ms')).toBeNull()
    await expect(topic.records()).rejects.toThrow(BrokerError)
    await expect(topic.endOffsets()).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  test('a topic that was just created is ready: size, configuration, offsets, no records', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 2, config: { 'retention.ms': '86400000' } })
    expect(await topic.partitions()).toBe(2)
    expect(await topic.config('retention.ms')).toBe('86400000')
    expect(await topic.endOffsets()).toEqual({ 0: '0', 1: '0' })
    expect(await topic.records()).toEqual([])
    await expect(topic.create({ partitions: 2 })).rejects.toMatchObject({ code: 'TOPIC_ALREADY_EXISTS' })
    await expect(topic.config('no.such.config')).rejects.toThrow(
      'Topics have no configuration "no.such.config"',
    )
  })

  test('appended records come back in order, by partition and offset', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 3 })
    await topic.append([
      { partition: 2, key: 'k', value: 'late', headers: { source: 'test' }, timestamp: 1_700_000_000_000 },
      { value: 'first' },
      { partition: 2, value: null },
    ])
    const records = await topic.records()
    expect(records.map(({ partition, offset, value }) => [partition, offset, value])).toEqual([
      [0, '0', 'first'],
      [2, '0', 'late'],
      [2, '1', null],
    ])
    expect(records[1]).toMatchObject({
      key: 'k',
      keyBytes: Buffer.from('k'),
      headers: { source: 'test' },
      headerList: [['source', Buffer.from('test')]],
      timestamp: 1_700_000_000_000,
    })
    expect(await topic.endOffsets()).toEqual({ 0: '1', 1: '0', 2: '2' })
  })

  test('what kafkajs wrote is read, packed with gzip, with headers that repeat', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 1 })
    const producer = kafka.producer()
    toClose.push(() => producer.disconnect())
    await producer.connect()
    const messages = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: 'x'.repeat(200) }))
    await producer.send({ topic: name, compression: 1, messages })
    await producer.send({
      topic: name,
      messages: [{ value: 'y', headers: { a: ['1', '2'], b: Buffer.from([0xff]) } }],
    })
    const records = await topic.records()
    expect(records.map(({ key }) => key)).toEqual([...messages.map(({ key }) => key), null])
    expect(records.at(-1)).toMatchObject({ headers: { a: '2' }, offset: '50' })
    expect(records.at(-1)?.headerList).toEqual([
      ['a', Buffer.from('1')],
      ['a', Buffer.from('2')],
      ['b', Buffer.from([0xff])],
    ])
  })

  test('a log that no longer starts at 0 is read from where it starts', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 1 })
    await topic.append(['a', 'b', 'c'].map((value) => ({ value })))
    const topics = [{ name, partitions: [{ partitionIndex: 0, offset: 2n }] }]
    await client.request(DeleteRecords, 'highest', { topics, timeoutMs: 5_000 })
    expect((await topic.records()).map(({ offset, value }) => [offset, value])).toEqual([['2', 'c']])
  })

  test('more bytes than one fetch brings are read in several', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 1 })
    const value = 'x'.repeat(900_000)
    for (let one = 0; one < 20; one++) await topic.append([{ value }])
    const records = await topic.records()
    expect(records.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index)),
    )
    expect(records.every((record) => record.value === value)).toBe(true)
  })
})

describe('group', () => {
  test('a group that does not exist is Dead, without members and commits', async () => {
    await topicView(client, name).create({ partitions: 2 })
    const group = groupView(client, `${name}-group`, name)
    expect(await group.state()).toBe('Dead')
    expect(await group.members()).toEqual([])
    expect(await group.committed()).toEqual({ 0: null, 1: null })
  })

  test('a running consumer is a member, and its commits are the next offsets to read', async () => {
    const topic = topicView(client, name)
    await topic.create({ partitions: 2 })
    await topic.append([{ value: 'a' }, { value: 'b' }])
    const group = groupView(client, `${name}-group`, name)
    const consumer = kafka.consumer({ groupId: group.name, maxWaitTimeInMs: 100 })
    toClose.push(() => consumer.disconnect())
    await consumer.connect()
    await consumer.subscribe({ topic: name, fromBeginning: true })
    const handled = new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          if (message.offset === '1') resolve()
        },
      })
    })
    await handled
    expect(await group.state()).toBe('Stable')
    expect(await group.members()).toEqual(['view-test'])
    await consumer.stop()
    expect(await group.committed()).toEqual({ 0: '2', 1: null })
    expect(await group.committed(name)).toEqual({ 0: '2', 1: null })
    expect(await group.state()).toBe('Empty')
  })
})

test('wire: requests by API, records and commits, and faults', async () => {
  const wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  toClose.push(() => wiretap.close())
  const lane = await wiretap.lane('one')
  const wire = wireView(wiretap)
  await topicView(client, name).create({ partitions: 1 })
  expect(wire.requests()).toEqual([])
  wire.fault({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER' })
  const producer = new Kafka({
    brokers: [lane.address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 10 },
  }).producer()
  toClose.push(() => producer.disconnect())
  await producer.connect()
  await producer.send({ topic: name, messages: [{ value: 'x' }] })
  expect(wire.requests('Produce')).toHaveLength(2)
  expect(wire.requests().length).toBeGreaterThan(2)
  expect(wire.produced().map(({ error, offset }) => [error, offset])).toEqual([
    ['NOT_LEADER_OR_FOLLOWER', null],
    [null, 0n],
  ])
  expect(wire.commits()).toEqual([])
})
