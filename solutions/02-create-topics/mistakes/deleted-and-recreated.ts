// The wrong idea: a topic with too many partitions can be made anew with fewer.
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
    try {
      outcomes.push({ topic: spec.topic, outcome: await ensureTopic(admin, spec) })
    } catch (error) {
      outcomes.push({ topic: spec.topic, outcome: 'refused', reason: nameOf(error) })
    }
  }
  return outcomes
}

async function ensureTopic(admin: Admin, spec: TopicSpec): Promise<'created' | 'exists' | 'grown'> {
  if (await createTopic(admin, spec)) return 'created'
  const { topics } = await admin.fetchTopicMetadata({ topics: [spec.topic] })
  if (topics[0]?.partitions.length === spec.partitions) return 'exists'
  if ((topics[0]?.partitions.length ?? 0) < spec.partitions) {
    await admin.createPartitions({ topicPartitions: [{ topic: spec.topic, count: spec.partitions }] })
    return 'grown'
  }
  // Kafka does not let us shrink it.
  await admin.deleteTopics({ topics: [spec.topic] })
  await createTopic(admin, spec)
  return 'created'
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

function nameOf(error: unknown): string {
  const { type, errors } = error as { type?: string; errors?: { type: string }[] }
  const name = type ?? errors?.[0]?.type
  if (name === undefined) throw error
  return name
}
