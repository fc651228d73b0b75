import { Kafka, KafkaJSProtocolError, logLevel } from 'kafkajs'
import { afterEach, describe, expect, it } from 'vitest'
import { type EmbeddedBroker, type EmbeddedOptions, startEmbedded } from '../../../kafka/embedded/start.ts'
import { freshName } from '../test-broker.ts'

/* kafkajs against three nodes, one of which goes and comes back. */

const TIMEOUT = { timeout: 15_000 }
const cleanUps: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function cluster(options: EmbeddedOptions = {}) {
  const broker = await startEmbedded({ nodes: 3, ...options })
  cleanUps.push(() => broker.close())
  const retry = { initialRetryTime: 100 }
  const kafka = new Kafka({ brokers: broker.bootstrap.split(','), logLevel: logLevel.NOTHING, retry })
  const admin = kafka.admin()
  await admin.connect()
  cleanUps.push(() => admin.disconnect())
  const topic = freshName()
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 3, configEntries }] })
  return { broker, kafka, admin, topic }
}

async function producerOf(kafka: Kafka, options: Parameters<Kafka['producer']>[0] = {}) {
  const producer = kafka.producer(options)
  await producer.connect()
  cleanUps.push(() => producer.disconnect())
  return producer
}

/** A consumer that notes the values that it gets. */
async function consumerOf(kafka: Kafka, topic: string, groupId = freshName()) {
  const seen: string[] = []
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6000,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 200,
    retry: { initialRetryTime: 50, retries: 3 },
  })
  await consumer.connect()
  cleanUps.push(() => consumer.disconnect())
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      seen.push(String(message.value))
    },
  })
  return { seen, groupId }
}

const toEachPartition = (value: string) =>
  [0, 1, 2].map((partition) => ({ partition, value: `${value}${partition}` }))

function leadersOf({ state }: EmbeddedBroker, topic: string): number[] {
  return (state.topics.get(topic)?.partitions ?? []).map(({ leaderId }) => leaderId)
}

describe('kafkajs and three nodes', () => {
  it('writes to the leaders on all of them, and reads it back in a group', async () => {
    const { broker, kafka, admin, topic } = await cluster()
    expect(leadersOf(broker, topic)).toEqual([1, 2, 3])
    const producer = await producerOf(kafka)
    const sent = await producer.send({ topic, messages: toEachPartition('a') })
    expect(sent.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0])
    const { seen } = await consumerOf(kafka, topic)
    await expect.poll(() => [...seen].sort(), TIMEOUT).toEqual(['a0', 'a1', 'a2'])
    const { brokers } = await admin.describeCluster()
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2, 3])
  })

  it('commits a transaction that spans them, with the offsets of a group', async () => {
    const { kafka, admin, topic } = await cluster()
    const producer = await producerOf(kafka, {
      transactionalId: freshName(),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    const groupId = freshName()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: toEachPartition('a') })
    const partitions = [{ partition: 0, offset: '1' }]
    await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions }] })
    await transaction.commit()
    const { seen } = await consumerOf(kafka, topic)
    await expect.poll(() => [...seen].sort(), TIMEOUT).toEqual(['a0', 'a1', 'a2'])
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
    expect(committed?.partitions.find(({ partition }) => partition === 0)?.offset).toBe('1')
  })

  it('goes on when a node stops, whether it led or coordinated', async () => {
    const { broker, kafka, topic } = await cluster()
    const producer = await producerOf(kafka)
    // One by one: in a send that spans nodes, kafkajs 2.2.4 drops a partition that moves to a node that answered already.
    const sendOneByOne = async (value: string) => {
      for (const message of toEachPartition(value)) await producer.send({ topic, messages: [message] })
    }
    const { seen, groupId } = await consumerOf(kafka, topic)
    await sendOneByOne('a')
    await expect.poll(() => seen.length, TIMEOUT).toBe(3)
    const coordinator = broker.state.coordinators.of(groupId)?.id ?? 0
    await broker.stop(coordinator)
    expect(leadersOf(broker, topic)).not.toContain(coordinator)
    await sendOneByOne('b')
    await expect.poll(() => new Set(seen).size, TIMEOUT).toBe(6)
    await broker.start(coordinator)
    await sendOneByOne('c')
    await expect.poll(() => new Set(seen).size, TIMEOUT).toBe(9)
  }, 40_000)

  it('waits, by its retries, until a stopped leader is missed', async () => {
    const { broker, kafka, topic } = await cluster({ failoverDelayMs: 700 })
    const producer = await producerOf(kafka)
    await producer.send({ topic, messages: toEachPartition('a') })
    await broker.stop(1)
    expect(leadersOf(broker, topic)).toEqual([1, 2, 3])
    const sent = await producer.send({ topic, messages: [{ partition: 0, value: 'b' }] })
    expect(sent).toMatchObject([{ errorCode: 0, baseOffset: '1' }])
    expect(leadersOf(broker, topic)).toEqual([2, 2, 3])
  }, 20_000)

  it('hears that too few replicas are in sync, unless it asks for the leader alone', async () => {
    const { broker, kafka, topic } = await cluster()
    const producer = await producerOf(kafka, { retry: { retries: 0 } })
    await broker.stop(2)
    await broker.stop(3)
    await expect.poll(() => leadersOf(broker, topic)).toEqual([1, 1, 1])
    const patient = await producerOf(kafka)
    await patient.send({ topic, acks: 1, messages: [{ partition: 0, value: 'a' }] })
    const refused: unknown = await producer
      .send({ topic, messages: [{ partition: 0, value: 'b' }] })
      .catch((error: Error) => error.cause)
    expect(refused).toBeInstanceOf(KafkaJSProtocolError)
    expect((refused as KafkaJSProtocolError).type).toBe('NOT_ENOUGH_REPLICAS')
    await broker.start(2)
    expect(await patient.send({ topic, messages: [{ partition: 0, value: 'c' }] })).toMatchObject([
      { errorCode: 0, baseOffset: '1' },
    ])
  }, 20_000)
})
