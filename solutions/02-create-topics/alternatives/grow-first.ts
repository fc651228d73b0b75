// Begins at the other end: asks for more partitions, and lets the broker's refusal say what is the case.
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
  const admin = kafka.admin({ retry: { retries: 3 } })
  const brokers: ClusterInfo['brokers'] = []
  await admin.connect()
  const cluster = await admin.describeCluster().finally(() => admin.disconnect())
  for (const { nodeId, host, port } of cluster.brokers)
    brokers[brokers.length] = { address: `${host}:${port}`, nodeId }
  return { brokers, clusterId: cluster.clusterId, controllerId: cluster.controller }
}

export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  const [first, ...others] = specs
  if (!first) return []
  return [await ensureTopic(admin, first), ...(await ensureTopics(admin, others))]
}

async function ensureTopic(admin: Admin, spec: TopicSpec): Promise<TopicOutcome> {
  const { topic, partitions } = spec
  const growth = await attempt(() =>
    admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] }),
  )
  if (growth === 'done') return { topic, outcome: 'grown' }

  // Missing, or no name for a topic at all: either way it is up to createTopics.
  if (growth !== 'INVALID_PARTITIONS') {
    const creation = await attempt(() => admin.createTopics({ topics: [toKafka(spec)] }))
    return creation === 'done'
      ? { topic, outcome: 'created' }
      : { topic, outcome: 'refused', reason: creation }
  }

  // There are as many as wanted, or more.
  const offsets = await admin.fetchTopicOffsets(topic)
  if (offsets.length === partitions) return { topic, outcome: 'exists' }
  return { topic, outcome: 'refused', reason: growth }
}

function toKafka({ topic, partitions, config = {}, ...rest }: TopicSpec) {
  const configEntries = Object.entries(config).map(([name, value]) => ({
    name,
    value: JSON.stringify(value).replaceAll('"', ''),
  }))
  return { topic, numPartitions: partitions, configEntries, ...rest }
}

/** `done`, or Kafka's name of what is wrong. */
async function attempt(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    const { type, errors } = error as { type?: string; errors?: { type: string }[] }
    if (type === undefined && errors === undefined) throw error
    return type ?? errors?.map((one) => one.type).join() ?? ''
  }
}
