import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { type Admin, type Consumer, Kafka, logLevel } from 'kafkajs'
import { kafkaAt, producerOf } from './figures.ts'
import type { SoakSize } from './job.ts'
import { writeAndRead } from './scale.ts'

const LANES = 20
const TOPICS_AT_ONCE = 50
const SESSION_MS = 1000
const PARTITIONS = 3

/** Joins, leaves, crashes, creates, deletes, writes and reads; deletes its topics and groups; then kills its own process. */
export async function soakLoad(bootstrap: string, name: string, size: SoakSize): Promise<undefined> {
  const kafka = kafkaAt(bootstrap)
  const admin = kafka.admin()
  await admin.connect()
  await createAndDelete(kafka, admin, name, size.topics)
  await joinLeaveAndCrash(bootstrap, admin, name, size.cycles)
  const topic = `${name}-records`
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
  await writeAndRead(kafka, { topic, records: size.records, partitions: 1 })
  await admin.deleteTopics({ topics: [topic] })
  await deleteGroups(admin, name)
  await joinAndBeKilled(kafka, admin, { name, members: size.killed })
}

/** What it leaves behind, a group and a topic of one name, is for its parent to delete. */
async function joinAndBeKilled(
  kafka: Kafka,
  admin: Admin,
  { name, members }: { name: string; members: number },
): Promise<void> {
  const topic = killedName(name)
  await admin.createTopics({ topics: [{ topic, numPartitions: members }], waitForLeaders: false })
  await Promise.all(Array.from({ length: members }, () => join(kafka, topic, [topic])))
  process.kill(process.pid, 'SIGKILL')
}

/** The group and the topic of the members whose process is killed. */
export function killedName(name: string): string {
  return `${name}-killed`
}

/** Each lot of topics has an idempotent producer of its own: one whose topics are gone cannot write to others. */
async function createAndDelete(kafka: Kafka, admin: Admin, name: string, count: number): Promise<void> {
  const messages = [{ key: 'k', value: randomBytes(1000) }]
  for (let done = 0; done < count; done += TOPICS_AT_ONCE) {
    const length = Math.min(TOPICS_AT_ONCE, count - done)
    const topics = Array.from({ length }, (_, index) => `${name}-${done + index}`)
    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS })),
      waitForLeaders: false,
    })
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    await producer.sendBatch({ topicMessages: topics.map((topic) => ({ topic, messages })) })
    await producer.disconnect()
    await admin.deleteTopics({ topics })
  }
}

/** Every cycle is a group of its own: two join, one leaves, the other one crashes and is missed, a third one takes over. */
async function joinLeaveAndCrash(
  bootstrap: string,
  admin: Admin,
  name: string,
  cycles: number,
): Promise<void> {
  const topic = `${name}-groups`
  const kafka = kafkaAt(bootstrap)
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: false })
  const producer = producerOf(kafka)
  await producer.connect()
  await producer.send({ topic, messages: [0, 1].map((partition) => ({ value: 'v', partition })) })
  await producer.disconnect()
  let next = 0
  const lane = async () => {
    while (next < cycles) await cycle(bootstrap, `${name}-${next++}`, topic)
  }
  await Promise.all(Array.from({ length: Math.min(LANES, cycles) }, lane))
  await admin.deleteTopics({ topics: [topic] })
}

async function cycle(bootstrap: string, group: string, topic: string): Promise<void> {
  const breaking = crashable(bootstrap)
  const leaves = await join(kafkaAt(bootstrap), group, [topic])
  const crashes = await join(breaking.kafka, group, [topic])
  await leaves.disconnect()
  breaking.crash()
  const stays = await join(kafkaAt(bootstrap), group, [topic], 2)
  // What is left of the crashed one would go on trying; it cannot reach the broker any more.
  await crashes.disconnect().catch(() => {})
  await stays.disconnect()
}

/** A member of the group once it has got so many partitions, or any assignment at all. */
async function join(kafka: Kafka, groupId: string, topics: string[], partitions = 0): Promise<Consumer> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: SESSION_MS / 5,
    maxWaitTimeInMs: SESSION_MS / 5,
    retry: { retries: 3, restartOnFailure: async () => false },
  })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const owned = Object.values(payload.memberAssignment).flat().length
      if (owned >= partitions) resolve()
    })
  })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  void consumer.run({ eachMessage: async () => {} })
  await joined
  return consumer
}

/** A client whose connections can be cut for good, so that it cannot say goodbye. */
function crashable(bootstrap: string): { kafka: Kafka; crash(): void } {
  const sockets = new Set<net.Socket>()
  let isCut = false
  const cut = (socket: net.Socket) => void socket.destroy(new Error('crashed'))
  const kafka = new Kafka({
    clientId: 'soak',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    socketFactory: ({ host, port, onConnect }) => {
      const socket = net.connect({ host, port, noDelay: true }, onConnect)
      sockets.add(socket)
      if (isCut) cut(socket)
      return socket
    },
  })
  return {
    kafka,
    crash() {
      isCut = true
      for (const socket of sockets) cut(socket)
    },
  }
}

async function deleteGroups(admin: Admin, name: string): Promise<void> {
  const { groups } = await admin.listGroups()
  await admin.deleteGroups(groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(name)))
}
