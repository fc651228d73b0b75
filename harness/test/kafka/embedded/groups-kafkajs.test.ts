import { type Admin, type ConsumerConfig, Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../kafka/client/client.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { subscription } from './group-scene.ts'

/* Consumers of kafkajs against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

let broker: { bootstrap: string; close(): Promise<void> }
let kafka: Kafka
let admin: Admin
const cleanUps: (() => unknown)[] = []

beforeAll(async () => {
  broker = await testBroker()
  kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
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

/** A topic with one record in each of its two partitions: its own number. */
async function topicOfTwo(): Promise<string> {
  const topic = freshName()
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  await send(topic, 0, 1)
  return topic
}

async function send(topic: string, ...partitions: number[]): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({
    topic,
    messages: partitions.map((partition) => ({ partition, value: `${partition}` })),
  })
  await producer.disconnect()
}

/** A member of a group: what it was assigned in each generation, and what it handled as `partition/offset`. */
async function member(groupId: string, topic: string, config: Partial<ConsumerConfig> = {}) {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6000,
    rebalanceTimeout: 6000,
    heartbeatInterval: 50,
    maxWaitTimeInMs: 50,
    ...config,
  })
  const assigned: number[][] = []
  const handled: string[] = []
  consumer.on('consumer.group_join', ({ payload }) => assigned.push(payload.memberAssignment[topic] ?? []))
  const crashed = new Promise<Error>((resolve) => {
    consumer.on('consumer.crash', ({ payload }) => resolve(payload.error))
  })
  const leave = () => consumer.disconnect()
  cleanUps.push(leave)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      handled.push(`${partition}/${message.offset}`)
    },
  })
  return { consumer, assigned, handled, crashed, leave }
}

/** Waits, looking again and again, until the value is as expected. */
function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 20_000, interval: 20 })
}

describe('members of a group', () => {
  it('share the partitions when one comes, and take them over when one leaves', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const first = await member(groupId, topic)
    await eventually(() => first.assigned).toEqual([[0, 1]])
    const second = await member(groupId, topic)
    await eventually(() => [...(first.assigned[1] ?? []), ...(second.assigned[0] ?? [])].sort()).toEqual([
      0, 1,
    ])
    await first.leave()
    await eventually(() => second.assigned.at(-1)).toEqual([0, 1])
  })

  it('take over from one that went silent, when its session ends', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    await joinAndFallSilent(groupId, topic)
    const survivor = await member(groupId, topic)
    await eventually(() => survivor.assigned).toEqual([[0, 1]])
  })

  it('go on where the group has committed', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const first = await member(groupId, topic)
    await eventually(() => first.handled.toSorted()).toEqual(['0/0', '1/0'])
    await first.leave()
    await send(topic, 1)
    const second = await member(groupId, topic)
    await eventually(() => second.handled).toEqual(['1/1'])
    await second.leave()
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] })
    expect(offsets?.partitions.map(({ offset }) => offset)).toEqual(['1', '2'])
  })

  it('crash for good when they have no assigner in common with the group', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const first = await member(groupId, topic)
    await eventually(() => first.assigned).toHaveLength(1)
    const other = await member(groupId, topic, {
      partitionAssigners: [
        () => ({
          name: 'another',
          version: 0,
          protocol: () => ({ name: 'another', metadata: subscription(topic) }),
          assign: async () => [],
        }),
      ],
    })
    expect(await other.crashed).toMatchObject({ type: 'INCONSISTENT_GROUP_PROTOCOL' })
  })
})

/** Enters the group by hand and is not heard of again, as after a crash. */
async function joinAndFallSilent(groupId: string, topic: string): Promise<void> {
  const client = await connect(broker.bootstrap, { timeoutMs: 20_000 })
  const protocols = [{ name: 'RoundRobinAssigner', metadata: subscription(topic) }]
  const request = {
    groupId,
    sessionTimeoutMs: 1000,
    rebalanceTimeoutMs: 6000,
    groupInstanceId: null,
    protocols,
  }
  const join = (memberId: string) =>
    client.request(
      JoinGroup,
      5,
      { ...request, memberId, protocolType: 'consumer' },
      { coordinatorOf: groupId },
    )
  const { memberId } = await join('')
  expect((await join(memberId)).errorCode).toBe(0)
  client.close()
}

describe('an administrator', () => {
  it('describes, lists and deletes groups', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const one = await member(groupId, topic)
    await eventually(() => one.assigned).toHaveLength(1)
    const running = (await admin.describeGroups([groupId, 'no-such-group'])).groups
    expect(running).toMatchObject([
      {
        groupId,
        state: 'Stable',
        protocolType: 'consumer',
        protocol: 'RoundRobinAssigner',
        members: [{ clientId: 'kafkajs', clientHost: '/127.0.0.1' }],
      },
      { state: 'Dead', members: [] },
    ])
    expect((await admin.listGroups()).groups).toContainEqual({ groupId, protocolType: 'consumer' })
    await expect(admin.deleteGroups([groupId])).rejects.toMatchObject({
      groups: [{ groupId, error: { type: 'NON_EMPTY_GROUP' } }],
    })
    await one.leave()
    expect((await admin.describeGroups([groupId])).groups).toMatchObject([{ state: 'Empty' }])
    await admin.deleteGroups([groupId])
    expect((await admin.describeGroups([groupId])).groups).toMatchObject([{ state: 'Dead' }])
    await expect(admin.deleteGroups([groupId])).rejects.toMatchObject({
      groups: [{ error: { type: 'GROUP_ID_NOT_FOUND' } }],
    })
  })

  // kafkajs waits for a fetch of five seconds here, on every broker.
  it('sets and resets offsets of groups without members', async () => {
    const [topic, set, reset] = [await topicOfTwo(), freshName(), freshName()]
    await Promise.all([
      admin.setOffsets({ groupId: set, topic, partitions: [{ partition: 1, offset: '999' }] }),
      admin.resetOffsets({ groupId: reset, topic, earliest: true }),
    ])
    const offsetsOf = async (groupId: string) =>
      (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions.map(({ offset }) => offset)
    expect(await offsetsOf(set)).toEqual(['-1', '999'])
    expect(await offsetsOf(reset)).toEqual(['-2', '-2'])
    expect(await admin.fetchOffsets({ groupId: freshName() })).toEqual([])
  })

  it('does not set offsets of a group that runs', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const one = await member(groupId, topic)
    await eventually(() => one.assigned).toHaveLength(1)
    await expect(admin.resetOffsets({ groupId, topic, earliest: true })).rejects.toThrow(
      /must have no running instances/,
    )
  })

  it('deletes a topic, and its commits with it', async () => {
    const [topic, groupId] = [await topicOfTwo(), freshName()]
    const one = await member(groupId, topic)
    await eventually(() => one.handled).toHaveLength(2)
    await one.leave()
    expect(await admin.fetchOffsets({ groupId })).toHaveLength(1)
    await admin.deleteTopics({ topics: [topic] })
    await eventually(() => admin.fetchOffsets({ groupId })).toEqual([])
  })
})
