// Looks at the cluster once, works out what is to be done, and sends one request for all new topics together.
import type { Admin, ITopicConfig, Kafka } from 'kafkajs'

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
  try {
    await admin.connect()
    const { brokers, controller: controllerId, clusterId } = await admin.describeCluster()
    const addresses = brokers.map((broker) => ({
      nodeId: broker.nodeId,
      address: [broker.host, broker.port].join(':'),
    }))
    return { clusterId, controllerId, brokers: addresses.sort((a, b) => a.nodeId - b.nodeId) }
  } finally {
    await admin.disconnect()
  }
}

export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  const present = await partitionCounts(admin)
  const refusals = new Map<string, string>()

  const missing = specs.filter(({ topic }) => !present.has(topic))
  if (missing.length > 0) {
    try {
      await admin.createTopics({ topics: missing.map(toTopicConfig) })
    } catch (error) {
      // The good topics of the request were created all the same; the aggregate names the others.
      for (const { topic, type } of (error as { errors?: { topic: string; type: string }[] }).errors ?? []) {
        refusals.set(topic, type)
      }
      if (refusals.size === 0) throw error
    }
  }

  for (const { topic, partitions } of specs) {
    if ((present.get(topic) ?? partitions) >= partitions) continue
    try {
      await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] })
    } catch (error) {
      refusals.set(topic, (error as Error).message)
    }
  }

  return specs.map(({ topic, partitions }) => {
    const before = present.get(topic)
    const reason = refusals.get(topic)
    if (reason !== undefined) return { topic, outcome: 'refused', reason }
    if (before === undefined) return { topic, outcome: 'created' }
    if (before === partitions) return { topic, outcome: 'exists' }
    if (before < partitions) return { topic, outcome: 'grown' }
    return { topic, outcome: 'refused', reason: `has ${before} partitions, and Kafka never takes one away` }
  })
}

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata()
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
}

function toTopicConfig(spec: TopicSpec): ITopicConfig {
  const configEntries = Object.keys(spec.config ?? {}).map((name) => ({
    name,
    value: `${spec.config?.[name]}`,
  }))
  return {
    topic: spec.topic,
    numPartitions: spec.partitions,
    replicationFactor: spec.replicationFactor ?? -1, // -1 is how the protocol says "your default"
    configEntries,
  }
}
