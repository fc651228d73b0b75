// Every topic on its own, all at the same time, and as a chain of promises: ask for the metadata, and let "unknown topic"
// be the sign to create it.
import type { Admin, Kafka } from 'kafkajs'

export interface ClusterInfo {
  clusterId: string
  brokers: { nodeId: number; address: string }[]
  controllerId: number | null
}

export interface TopicSpec {
  topic: string
  partitions: number
  replicationFactor?: number
  config?: Record<string, string | number>
}

export interface TopicOutcome {
  topic: string
  outcome: 'created' | 'exists' | 'grown' | 'refused'
  reason?: string
}

export function describeCluster(kafka: Kafka): Promise<ClusterInfo> {
  const admin = kafka.admin()
  return admin
    .connect()
    .then(() => admin.describeCluster())
    .then(({ clusterId, brokers, controller }) => ({
      clusterId,
      controllerId: controller,
      brokers: brokers.map((one) => ({ nodeId: one.nodeId, address: `${one.host}:${one.port}` })),
    }))
    .finally(() => admin.disconnect())
}

export function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  return Promise.all(
    specs.map((spec) =>
      ensureOne(admin, spec).then(
        (outcome) => ({ topic: spec.topic, outcome }),
        (error) => ({ topic: spec.topic, outcome: 'refused' as const, reason: kafkaName(error) }),
      ),
    ),
  )
}

async function ensureOne(admin: Admin, spec: TopicSpec): Promise<'created' | 'exists' | 'grown'> {
  const partitions = await countPartitions(admin, spec.topic)
  if (partitions === spec.partitions) return 'exists'
  if (partitions > 0) {
    await admin.createPartitions({ topicPartitions: [{ topic: spec.topic, count: spec.partitions }] })
    return 'grown'
  }
  const configEntries = Object.entries(spec.config ?? {}).map(([name, value]) => ({
    name,
    value: value.toString(),
  }))
  const { topic, partitions: numPartitions, replicationFactor = -1 } = spec
  const isNew = await admin.createTopics({
    topics: [{ topic, numPartitions, replicationFactor, configEntries }],
  })
  return isNew ? 'created' : 'exists'
}

/** The number of partitions, 0 for a topic that does not exist. */
async function countPartitions(admin: Admin, topic: string): Promise<number> {
  try {
    const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
    return metadata.topics.find(({ name }) => name === topic)?.partitions.length ?? 0
  } catch (error) {
    // A name that no topic can have is left to createTopics: its refusal is the one to report.
    if (['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'].includes(kafkaName(error))) return 0
    throw error
  }
}

/** The name of Kafka's answer. What is no answer of Kafka is none of our business here. */
function kafkaName(error: unknown): string {
  const { type, errors } = error as { type?: string; errors?: { type?: string }[] }
  const name = type ?? errors?.[0]?.type
  if (name === undefined) throw error
  return name
}
