import { randomBytes } from 'node:crypto'
import { type Consumer, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { median } from '../../median.ts'
import type { Figures } from './job.ts'

const RECORD_BYTES = 1024
const TOPICS = 30
const SENDS = 1500
const BATCH = 100
const BATCHES = 200
/** A throughput is the median of so many parts: the machine has other work now and then. */
const PARTS = 5
/** What the topic holds that is consumed: two rows write to it. */
const STORED = 2 * PARTS * BATCHES * BATCH
const GROUPS = 15
const LEAVES = 5

const HEARTBEAT_MS = 50
const SESSION_MS = 6000

/** A client that says nothing. */
export function kafkaAt(bootstrap: string): Kafka {
  return new Kafka({ clientId: 'bench', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
}

/** A producer with kafkajs's own partitioner. */
export function producerOf(kafka: Kafka): Producer {
  return kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
}

/** One round: every figure once. Topics and groups of the round go at its end. */
export async function measureFigures(bootstrap: string, name: string): Promise<Figures> {
  const kafka = kafkaAt(bootstrap)
  const admin = kafka.admin()
  const producer = producerOf(kafka)
  await Promise.all([admin.connect(), producer.connect()])
  const topics = Array.from({ length: TOPICS }, (_, index) => `${name}-${index}`)
  try {
    const create = (topic: string, numPartitions: number) =>
      admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, replicationFactor: 1 }] })
    const createTopicMs = await medianMs(topics, (topic) => create(topic, 1))
    await create(name, 2)
    await untilServed(producer, name)
    await create(`${name}-large`, 1)
    await untilServed(producer, `${name}-large`)
    return {
      createTopicMs,
      sendsPerSecond: await awaitedSends(producer, name),
      batchedPerSecond: await medianOf(PARTS, () => batches(producer, `${name}-large`, 1)),
      pipelinedPerSecond: await medianOf(PARTS, () => batches(producer, `${name}-large`, 10)),
      consumedPerSecond: await medianOf(PARTS, (part) => consumeAll(kafka, `${name}-large`, part)),
      firstRecordMs: await firstRecords(kafka, topics[0] as string, producer),
      reassignMs: await reassignments(kafka, name),
    }
  } finally {
    await admin.deleteTopics({ topics: [...topics, name, `${name}-large`] })
    const { groups } = await admin.listGroups()
    await admin.deleteGroups(groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(name)))
    await Promise.all([admin.disconnect(), producer.disconnect()])
  }
}

/** The first record that a topic takes: kafkajs tries until the topic is served. */
async function untilServed(producer: Producer, topic: string): Promise<void> {
  await producer.send({ topic, messages: [{ value: 'first', partition: 0 }] })
}

async function awaitedSends(producer: Producer, topic: string): Promise<number> {
  const value = randomBytes(RECORD_BYTES)
  const send = () => producer.send({ topic, messages: [{ value, partition: 0 }] })
  for (let warmUp = 0; warmUp < 300; warmUp++) await send()
  return perSecond(SENDS, async () => {
    for (let sent = 0; sent < SENDS; sent++) await send()
  })
}

/** Records per second, in sends of 100, so many of them at the same time. */
async function batches(producer: Producer, topic: string, atOnce: number): Promise<number> {
  const value = randomBytes(RECORD_BYTES)
  const messages = Array.from({ length: BATCH }, () => ({ value, partition: 0 }))
  return perSecond(BATCHES * BATCH, async () => {
    for (let sent = 0; sent < BATCHES; sent += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, () => producer.send({ topic, messages })))
    }
  })
}

/** Records per second, from the first batch that a new group gets to the last one. */
async function consumeAll(kafka: Kafka, topic: string, part: number): Promise<number> {
  const consumer = consumerOf(kafka, `${topic}-all-${part}`)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let seen = 0
  let counted = 0
  let startedAt = 0
  const seconds = await new Promise<number>((resolve) => {
    void consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        if (seen === 0) startedAt = performance.now()
        else counted += batch.messages.length
        seen += batch.messages.length
        if (seen >= STORED) resolve((performance.now() - startedAt) / 1000)
      },
    })
  })
  await consumer.disconnect()
  return counted / seconds
}

/** Milliseconds from `consumer.run` to the first record, for groups that nobody has seen before. */
async function firstRecords(kafka: Kafka, topic: string, producer: Producer): Promise<number> {
  await untilServed(producer, topic)
  return medianMs(Array.from({ length: GROUPS }), async (_, index) => {
    const consumer = consumerOf(kafka, `${topic}-first-${index}`)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const startedAt = performance.now()
    await new Promise<void>((resolve) => {
      void consumer.run({ eachMessage: async () => resolve() })
    })
    const ms = performance.now() - startedAt
    await consumer.disconnect()
    return ms
  })
}

/** Milliseconds from `disconnect` of one of two members until the other one has both partitions. */
async function reassignments(kafka: Kafka, topic: string): Promise<number> {
  return medianMs(Array.from({ length: LEAVES }), async (_, index) => {
    const group = `${topic}-leave-${index}`
    const stays = await memberOf(kafka, group, topic)
    await stays.owns(2)
    const leaves = await memberOf(kafka, group, topic)
    await Promise.all([stays.owns(1), leaves.owns(1)])
    const startedAt = performance.now()
    const [ms] = await Promise.all([
      stays.owns(2).then(() => performance.now() - startedAt),
      leaves.consumer.disconnect(),
    ])
    await stays.consumer.disconnect()
    return ms
  })
}

interface RunningMember {
  consumer: Consumer
  /** Resolves once the member has so many partitions. */
  owns(partitions: number): Promise<void>
}

async function memberOf(kafka: Kafka, group: string, topic: string): Promise<RunningMember> {
  const consumer = consumerOf(kafka, group)
  let owned = 0
  let wake = () => {}
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    owned = (payload.memberAssignment[topic] ?? []).length
    wake()
  })
  await consumer.connect()
  await consumer.subscribe({ topic })
  void consumer.run({ eachMessage: async () => {} })
  return {
    consumer,
    async owns(partitions) {
      while (owned !== partitions) await new Promise<void>((resolve) => (wake = resolve))
    },
  }
}

/** A consumer that hears of a rebalance soon, and gives up a fetch without records as soon. */
export function consumerOf(kafka: Kafka, groupId: string): Consumer {
  return kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: HEARTBEAT_MS,
  })
}

async function medianOf(parts: number, measure: (part: number) => Promise<number>): Promise<number> {
  const measured: number[] = []
  for (let part = 0; part < parts; part++) measured.push(await measure(part))
  return median(measured)
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (count * 1000) / (performance.now() - startedAt)
}

/** The median of milliseconds: those that `work` returns, or those that it takes. */
async function medianMs<T>(of: T[], work: (one: T, index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (const [index, one] of of.entries()) {
    const startedAt = performance.now()
    const measured = await work(one, index)
    times.push(typeof measured === 'number' ? measured : performance.now() - startedAt)
  }
  return median(times)
}
