import { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { type EmbeddedBroker, startEmbedded } from '../../../kafka/embedded/start.ts'
import { AlterPartitionReassignments } from '../../../kafka/protocol/api/45-alter-partition-reassignments.ts'
import { ListPartitionReassignments } from '../../../kafka/protocol/api/46-list-partition-reassignments.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { freshName, testBroker } from '../test-broker.ts'

describe('a reassignment in a cluster of three', () => {
  let broker: EmbeddedBroker
  let admin: Admin

  beforeAll(async () => {
    broker = await startEmbedded({ nodes: 3 })
  })

  afterAll(() => broker.close())

  // An admin client asks any node that it is connected to, also one that is just going down: this one knows node 1 alone.
  beforeEach(async () => {
    const brokers = broker.bootstrap.split(',').slice(0, 1)
    admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
  })

  afterEach(() => admin.disconnect())

  async function topicOn(...replicas: number[]): Promise<string> {
    const topic = freshName()
    await admin.createTopics({ topics: [{ topic, replicaAssignment: [{ partition: 0, replicas }] }] })
    return topic
  }

  async function move(topic: string, replicas: number[]): Promise<void> {
    await admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition: 0, replicas }] }],
    })
  }

  async function placeOf(topic: string) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const { leader, replicas, isr } = topics[0]?.partitions[0] ?? {}
    return { leader, replicas, isr }
  }

  it('takes records along to other nodes', async () => {
    const topic = await topicOn(1, 2)
    const producer = new Kafka({
      brokers: broker.bootstrap.split(','),
      logLevel: logLevel.NOTHING,
    }).producer()
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'before' }] })
    await move(topic, [3])
    expect(await placeOf(topic)).toEqual({ leader: 3, replicas: [3], isr: [3] })
    await producer.send({ topic, messages: [{ value: 'after' }] })
    await producer.disconnect()
    const [end] = await admin.fetchTopicOffsets(topic)
    expect(end).toMatchObject({ low: '0', high: '2' })
    expect(await admin.listPartitionReassignments({})).toEqual({ topics: [] })
  })

  it('is listed while a node that it needs is down, and done when that is back', async () => {
    const topic = await topicOn(1, 3)
    await broker.stop(2)
    await move(topic, [3, 2])
    const underWay = { partition: 0, replicas: [3, 2, 1], addingReplicas: [2], removingReplicas: [1] }
    expect(await admin.listPartitionReassignments({ topics: [{ topic, partitions: [0] }] })).toEqual({
      topics: [{ name: topic, partitions: [underWay] }],
    })
    expect(await placeOf(topic)).toEqual({ leader: 1, replicas: [3, 2, 1], isr: [1, 3] })
    await broker.start(2)
    expect(await placeOf(topic)).toEqual({ leader: 3, replicas: [3, 2], isr: [2, 3] })
    expect(await admin.listPartitionReassignments({})).toEqual({ topics: [] })
  })

  it('is refused by kafkajs with the error of Kafka', async () => {
    const topic = await topicOn(1)
    await expect(move(topic, [1, 9])).rejects.toMatchObject({
      errors: [{ topic, type: 'INVALID_REPLICA_ASSIGNMENT' }],
    })
  })
})

/** Node ids from here on are those of a cluster of one. */
describe('a request for reassignments', () => {
  let broker: Awaited<ReturnType<typeof testBroker>>
  let client: Client
  const topic = freshName()

  beforeAll(async () => {
    broker = await testBroker()
    client = await connect(broker.bootstrap, { timeoutMs: 20_000 })
    const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic }] })
    await admin.disconnect()
  })

  afterAll(async () => {
    client.close()
    await broker.close()
  })

  const noPartition = `Unable to find partition ${topic}:7.`

  it.each([
    ['the same replicas', topic, 0, [1], 'NONE', null],
    ['no replica', topic, 0, [], 'INVALID_REPLICA_ASSIGNMENT', manual('an empty replica list.')],
    ['unknown nodes', topic, 0, [9, 8], 'INVALID_REPLICA_ASSIGNMENT', unknown(8)],
    ['a node that cannot be', topic, 0, [1, -1], 'INVALID_REPLICA_ASSIGNMENT', unknown(-1)],
    ['a node twice', topic, 0, [1, 1], 'INVALID_REPLICA_ASSIGNMENT', manual('the broker 1 more than once.')],
    ['no topic', 'missing', 0, [1], 'UNKNOWN_TOPIC_OR_PARTITION', 'Unable to find a topic named missing.'],
    ['no partition', topic, 7, [1], 'UNKNOWN_TOPIC_OR_PARTITION', noPartition],
    ['nothing to cancel', topic, 0, null, 'NO_REASSIGNMENT_IN_PROGRESS', null],
  ])('that names %s', async (_, name, partitionIndex, replicas, error, errorMessage) => {
    const topics = [{ name, partitions: [{ partitionIndex, replicas }] }]
    const answer = await client.request(AlterPartitionReassignments, 0, { timeoutMs: 5000, topics })
    expect(answer).toMatchObject({ errorCode: 0, errorMessage: null })
    const partition = answer.responses[0]?.partitions[0]
    expect(errorName(partition?.errorCode ?? -1)).toBe(error)
    expect(partition?.errorMessage).toBe(errorMessage)
  })

  it('about nothing gets empty answers', async () => {
    const change = await client.request(AlterPartitionReassignments, 0, { timeoutMs: 5000, topics: [] })
    expect(change).toEqual({ throttleTimeMs: 0, errorCode: 0, errorMessage: '', responses: [] })
    const list = await client.request(ListPartitionReassignments, 0, { timeoutMs: 5000, topics: [] })
    expect(list).toEqual({ throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: [] })
  })
})

function manual(what: string): string {
  return `The manual partition assignment includes ${what}`
}

function unknown(id: number): string {
  return manual(`broker ${id}, but no such broker is registered.`)
}
