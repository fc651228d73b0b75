// The wrong idea: a failed creation is a matter for the log, the program goes on.
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

export async function describeCluster(kafka: Kafka): Promise<ClusterInfo> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { clusterId, brokers, controller } = await admin.describeCluster()
    return {
      clusterId,
      brokers: brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` })),
      controllerId: controller,
    }
  } finally {
    await admin.disconnect()
  }
}

export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  const outcomes: TopicOutcome[] = []
  for (const spec of specs) {
    let outcome: TopicOutcome['outcome'] = 'created'
    try {
      outcome = await ensureTopic(admin, spec)
    } catch (error) {
      console.warn(`could not create ${spec.topic}: ${error}`)
    }
    outcomes.push({ topic: spec.topic, outcome })
  }
  return outcomes
}

async function ensureTopic(admin: Admin, spec: TopicSpec): Promise<'created' | 'exists' | 'grown'> {
  if (await createTopic(admin, spec)) return 'created'
  const { topics } = await admin.fetchTopicMetadata({ topics: [spec.topic] })
  if (topics[0]?.partitions.length === spec.partitions) return 'exists'
  await admin.createPartitions({ topicPartitions: [{ topic: spec.topic, count: spec.partitions }] })
  return 'grown'
}

function createTopic(
  admin: Admin,
  { topic, partitions, replicationFactor, config }: TopicSpec,
): Promise<boolean> {
  const configEntries = Object.entries(config ?? {}).map(([name, value]) => ({ name, value: String(value) }))
  return admin.createTopics({
    topics: [{ topic, numPartitions: partitions, replicationFactor: replicationFactor ?? -1, configEntries }],
  })
}
