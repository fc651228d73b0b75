// The wrong idea: `createTopics` says for each topic whether it was created.
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
  const created = await admin.createTopics({
    topics: specs.map(({ topic, partitions, replicationFactor, config }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicationFactor ?? -1,
      configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    })),
  })
  return specs.map(({ topic }) => ({ topic, outcome: created ? 'created' : 'exists' }))
}
