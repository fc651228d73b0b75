import { type Admin, Kafka, KafkaJSProtocolError, logLevel, type Producer, type Transaction } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'

/* Transactions of kafkajs against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

let broker: Awaited<ReturnType<typeof testBroker>>
let kafka: Kafka
let admin: Admin
const cleanUps: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  broker = await testBroker({ 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '50' })
  kafka = new Kafka({
    brokers: [broker.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20, retries: 20 },
  })
  admin = kafka.admin()
  await admin.connect()
})

afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()))
})

afterAll(async () => {
  await admin.disconnect()
  await broker.close()
})

async function newTopic(): Promise<string> {
  const topic = freshName()
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  return topic
}

async function transactional(transactionalId = freshName(), transactionTimeout = 60_000): Promise<Producer> {
  const producer = kafka.producer({ transactionalId, transactionTimeout, maxInFlightRequests: 1 })
  cleanUps.push(() => producer.disconnect())
  await producer.connect()
  return producer
}

const messages = (...values: string[]) => values.map((value) => ({ value }))

async function transact(producer: Producer, topic: string, end: 'commit' | 'abort', ...values: string[]) {
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages: messages(...values) })
  await transaction[end]()
}

/** A consumer that has its partition; `values` grows with what it handles. */
async function consumer(topic: string, readUncommitted = false, groupId = freshName()) {
  const values: string[] = []
  const one = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 100, heartbeatInterval: 50 })
  cleanUps.push(() => one.disconnect())
  await one.connect()
  await one.subscribe({ topic, fromBeginning: true })
  await one.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value))
    },
  })
  return { values, groupId, close: () => one.disconnect() }
}

function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 20_000, interval: 20 })
}

async function endOffset(topic: string): Promise<string | undefined> {
  return (await admin.fetchTopicOffsets(topic))[0]?.high
}

async function committedOffset(groupId: string, topic: string): Promise<string | undefined> {
  return (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset
}

/** Kafka's name of the error with which `promise` is rejected. */
async function typeOfError(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'no error',
    (reason: Error) => reason,
  )
  return error instanceof KafkaJSProtocolError ? error.type : String(error)
}

describe('consumers', () => {
  it('see a transaction when it is committed; with readUncommitted at once, and aborted ones too', async () => {
    const topic = await newTopic()
    const producer = await transactional()
    const [committed, uncommitted] = await Promise.all([consumer(topic), consumer(topic, true)])
    const first = await producer.transaction()
    await first.send({ topic, messages: messages('a', 'b') })
    await eventually(() => uncommitted.values).toEqual(['a', 'b'])
    expect(committed.values).toEqual([])
    await first.commit()
    await eventually(() => committed.values).toEqual(['a', 'b'])
    await transact(producer, topic, 'abort', 'c')
    await transact(producer, topic, 'commit', 'd')
    await eventually(() => committed.values).toEqual(['a', 'b', 'd'])
    await eventually(() => uncommitted.values).toEqual(['a', 'b', 'c', 'd'])
  })

  it('wait at an open transaction, also for plain records behind it', async () => {
    const topic = await newTopic()
    const producer = await transactional()
    const open = await producer.transaction()
    await open.send({ topic, messages: messages('open') })
    const plain = kafka.producer()
    await plain.connect()
    await plain.send({ topic, messages: messages('plain') })
    await plain.disconnect()
    const [committed, uncommitted] = await Promise.all([consumer(topic), consumer(topic, true)])
    await eventually(() => uncommitted.values).toEqual(['open', 'plain'])
    expect(committed.values).toEqual([])
    await open.abort()
    await eventually(() => committed.values).toEqual(['plain'])
  })
})

describe('offsets', () => {
  it('end offsets count markers, too: two committed records and one aborted end at 5', async () => {
    const topic = await newTopic()
    const producer = await transactional()
    await transact(producer, topic, 'commit', 'a', 'b')
    await eventually(() => endOffset(topic)).toBe('3')
    await transact(producer, topic, 'abort', 'c')
    await eventually(() => endOffset(topic)).toBe('5')
  })

  it('kafkajs never commits past a marker, so its lag does not reach 0', async () => {
    const topic = await newTopic()
    const producer = await transactional()
    await transact(producer, topic, 'commit', 'a', 'b')
    await transact(producer, topic, 'abort', 'c', 'd')
    await eventually(() => endOffset(topic)).toBe('6')
    const { values, groupId, close } = await consumer(topic)
    await eventually(() => values).toEqual(['a', 'b'])
    await close()
    expect(await committedOffset(groupId, topic)).toBe('2')
  })

  it('of a group count with the commit of the transaction, and not after an abort', async () => {
    const topic = await newTopic()
    const groupId = freshName()
    const producer = await transactional()
    const sendOffsets = (transaction: Transaction, offset: string) =>
      transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [{ topic, partitions: [{ partition: 0, offset }] }],
      })
    const first = await producer.transaction()
    await sendOffsets(first, '7')
    expect(await committedOffset(groupId, topic)).toBe('-1')
    await first.commit()
    await eventually(() => committedOffset(groupId, topic)).toBe('7')
    const second = await producer.transaction()
    await second.send({ topic, messages: messages('a') })
    await sendOffsets(second, '9')
    await second.abort()
    await transact(producer, topic, 'commit', 'b')
    expect(await committedOffset(groupId, topic)).toBe('7')
  })
})

describe('a second producer with the same transactional id', () => {
  it('fences the first one at its own first transaction, and aborts what that one left open', async () => {
    const [topic, id] = [await newTopic(), freshName()]
    const [first, second] = [await transactional(id), await transactional(id)]
    const lost = await first.transaction()
    await lost.send({ topic, messages: messages('lost') })
    await transact(second, topic, 'commit', 'kept')
    const fenced = 'INVALID_PRODUCER_EPOCH'
    const offsets = { consumerGroupId: id, topics: [{ topic, partitions: [{ partition: 0, offset: '1' }] }] }
    expect(await typeOfError(lost.send({ topic, messages: messages('late') }))).toBe(fenced)
    expect(await typeOfError(lost.sendOffsets(offsets))).toBe(fenced)
    expect(await typeOfError(lost.abort())).toBe(fenced)
    const { values } = await consumer(topic)
    await eventually(() => values).toEqual(['kept'])
    expect(await typeOfError(first.transaction())).toContain(
      'Cannot call "beginTransaction" in state "ABORTING"',
    )
  })

  it('makes the commit of the first one fail', async () => {
    const [topic, id] = [await newTopic(), freshName()]
    const [first, second] = [await transactional(id), await transactional(id)]
    const lost = await first.transaction()
    await lost.send({ topic, messages: messages('lost') })
    await second.transaction()
    expect(await typeOfError(lost.commit())).toBe('INVALID_PRODUCER_EPOCH')
  })
})

describe('a transaction', () => {
  it('is aborted after its timeout, and the producer is spent', async () => {
    const topic = await newTopic()
    const producer = await transactional(freshName(), 200)
    const slow = await producer.transaction()
    await slow.send({ topic, messages: messages('slow') })
    await eventually(() => endOffset(topic)).toBe('2')
    expect(await typeOfError(slow.send({ topic, messages: messages('late') }))).toBe('INVALID_PRODUCER_EPOCH')
    expect(await typeOfError(slow.commit())).toBe('INVALID_PRODUCER_EPOCH')
  }, 30_000)

  it('may not be allowed more than 15 minutes', async () => {
    const producer = await transactional(freshName(), 900_001)
    expect(await typeOfError(producer.transaction())).toBe('INVALID_TRANSACTION_TIMEOUT')
  })

  it('does not hold what its producer sends without it', async () => {
    const topic = await newTopic()
    const producer = await transactional()
    const aborted = await producer.transaction()
    await aborted.send({ topic, messages: messages('inside') })
    await producer.send({ topic, messages: messages('outside') })
    await aborted.abort()
    const { values } = await consumer(topic)
    await eventually(() => values).toEqual(['outside'])
  })
})
