import { ConfigResourceTypes, type Consumer, Kafka, logLevel, Partitioners } from 'kafkajs'
import { untilServed } from '../../check/topic-view.ts'
import { connect } from '../../kafka/client/client.ts'
import type { Security } from '../../kafka/client/security.ts'
import { openWiretap } from '../../kafka/wiretap/open.ts'
import { freshName } from './test-broker.ts'

export interface Cluster {
  bootstrap: string
  security: Security | null
}

/** A run on a cluster: kafkajs behind a wiretap that keeps it to its own names. */
export async function openRun({ bootstrap, security }: Cluster, start = `${freshName()}-`) {
  const client = await connect(bootstrap, { timeoutMs: 20_000, security })
  const wiretap = await openWiretap({
    bootstrap,
    security,
    namesStart: start,
    // As for checks: kafkajs takes a topic that is not served yet for one that was refused.
    whenCreated: async (topics) => {
      await Promise.allSettled(topics.map((topic) => untilServed(client, topic)))
    },
  })
  const lane = await wiretap.lane('1')
  const kafka = new Kafka({
    brokers: [lane.address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 50 },
  })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  const admin = kafka.admin()
  await Promise.all([producer.connect(), admin.connect()])
  const leave = async () => {
    await Promise.all([producer.disconnect(), admin.disconnect()])
    await wiretap.close()
    client.close()
  }
  return {
    topic: `${start}orders`,
    group: `${start}group`,
    kafka,
    producer,
    admin,
    journal: wiretap.journal,
    /** Deletes what the run made, then leaves. */
    async close() {
      await admin.deleteTopics({ topics: await admin.listTopics() })
      await leave()
    },
    leave,
  }
}

export type Run = Awaited<ReturnType<typeof openRun>>

/** One exercise's worth of work: a topic, records, a group that reads them and commits. Returns how many it read. */
export async function work({ topic, group, kafka, producer, admin }: Run, records = 20): Promise<number> {
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  const messages = Array.from({ length: records }, (_, n) => ({ key: `${n}`, value: `${n}` }))
  await producer.send({ topic, messages })
  const consumer = kafka.consumer({ groupId: group })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const seen = new Set<string>()
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    consumer
      .run({
        eachMessage: async ({ message }) => {
          seen.add(`${message.value}`)
          if (seen.size === records) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return seen.size
}

/** What an answer could try against `other`; each must fail. */
export const ATTACKS: [string, (run: Run, other: Run) => Promise<unknown>][] = [
  ['deletes a topic', ({ admin }, other) => admin.deleteTopics({ topics: [other.topic] })],
  ['deletes a group', ({ admin }, other) => admin.deleteGroups([other.group])],
  ['writes', ({ producer }, other) => producer.send({ topic: other.topic, messages: [{ value: 'x' }] })],
  ['reads the offsets', ({ admin }, other) => admin.fetchTopicOffsets(other.topic)],
  ['reads what was committed', ({ admin }, other) => admin.fetchOffsets({ groupId: other.group })],
  ['reads who is in the group', ({ admin }, other) => admin.describeGroups([other.group])],
  [
    'adds partitions',
    ({ admin }, other) => admin.createPartitions({ topicPartitions: [{ topic: other.topic, count: 9 }] }),
  ],
  [
    'changes the settings of a topic',
    ({ admin }, other) => admin.alterConfigs(alter(ConfigResourceTypes.TOPIC, other.topic)),
  ],
  [
    'changes the settings of a broker',
    ({ admin }) => admin.alterConfigs(alter(ConfigResourceTypes.BROKER, '1')),
  ],
  [
    'joins the group',
    ({ kafka }, other) => join(kafka.consumer({ groupId: other.group, retry: { retries: 0 } }), other.topic),
  ],
  [
    'begins a transaction',
    ({ kafka }, other) =>
      kafka
        .producer({ transactionalId: other.group, maxInFlightRequests: 1, idempotent: true })
        .transaction(),
  ],
  [
    'fills the cluster with partitions',
    ({ admin, topic }) => admin.createTopics({ topics: [{ topic: `${topic}-wide`, numPartitions: 301 }] }),
  ],
]

function alter(type: ConfigResourceTypes, name: string) {
  const configEntries = [{ name: 'max.message.bytes', value: '100' }]
  return { validateOnly: false, resources: [{ type, name, configEntries }] }
}

/** What is there of a run: its records, and what its group has committed. */
export async function holdings({ admin, topic, group }: Run) {
  const offsets = await admin.fetchTopicOffsets(topic)
  const committed = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  return {
    topics: await admin.listTopics(),
    records: offsets.map(({ offset }) => Number(offset)).reduce((sum, one) => sum + one, 0),
    partitions: offsets.length,
    committed: committed.flatMap((one) => one.partitions.map(({ offset }) => Number(offset))),
  }
}

/** How often the wiretap stopped a request of this run. */
export function refusals({ journal }: Run): number {
  return journal.filter(({ fault }) => fault !== null).length
}

async function join(consumer: Consumer, topic: string): Promise<void> {
  try {
    await consumer.connect()
    await consumer.subscribe({ topic })
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
      consumer.on('consumer.group_join', () => resolve())
      consumer.run({ eachMessage: async () => {} }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
}
