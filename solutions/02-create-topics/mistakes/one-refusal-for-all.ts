// The wrong idea: a request with several topics is carried out as a whole or not at all.
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
  const existing = await partitionCounts(admin)
  const missing = specs.filter(({ topic }) => !existing.has(topic))
  let reason: string | undefined
  try {
    if (missing.length > 0) await createAll(admin, missing)
  } catch (error) {
    reason = String((error as { errors?: unknown[] }).errors?.[0] ?? error)
  }

  const outcomes: TopicOutcome[] = []
  for (const { topic, partitions } of specs) {
    const count = existing.get(topic)
    if (count === undefined) {
      outcomes.push(
        reason === undefined ? { topic, outcome: 'created' } : { topic, outcome: 'refused', reason },
      )
    } else if (count < partitions) {
      await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] })
      outcomes.push({ topic, outcome: 'grown' })
    } else if (count > partitions) {
      outcomes.push({ topic, outcome: 'refused', reason: `it has ${count} partitions` })
    } else {
      outcomes.push({ topic, outcome: 'exists' })
    }
  }
  return outcomes
}

function createAll(admin: Admin, specs: TopicSpec[]): Promise<boolean> {
  return admin.createTopics({
    topics: specs.map(({ topic, partitions, replicationFactor, config }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicationFactor ?? -1,
      configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    })),
  })
}

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata()
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
}
