// Decides about every topic from what is there, as data, before the first request that changes anything. Refusals are
// told in sentences.
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

type Decision = {
  outcome: TopicOutcome['outcome']
  reason?: string
  carryOut?: (admin: Admin) => Promise<unknown>
}

export const describeCluster = async (kafka: Kafka): Promise<ClusterInfo> => {
  const admin = kafka.admin()
  await admin.connect()
  const [cluster] = await Promise.allSettled([admin.describeCluster()])
  await admin.disconnect()
  if (cluster.status === 'rejected') throw cluster.reason
  return {
    ...cluster.value,
    controllerId: cluster.value.controller,
    brokers: cluster.value.brokers.map((broker) => ({ ...broker, address: `${broker.host}:${broker.port}` })),
  }
}

export const ensureTopics = async (admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> => {
  const present = await admin.listTopics()
  const wanted = specs.map(({ topic }) => topic).filter((topic) => present.includes(topic))
  const { topics } = wanted.length > 0 ? await admin.fetchTopicMetadata({ topics: wanted }) : { topics: [] }
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]))

  const outcomes = []
  for (const spec of specs) {
    const { carryOut, ...decision } = decide(spec, counts.get(spec.topic))
    const refusal = await carryOut?.(admin).then(() => undefined, sentenceOf)
    outcomes.push({
      topic: spec.topic,
      ...(refusal ? { outcome: 'refused' as const, reason: refusal } : decision),
    })
  }
  return outcomes
}

function decide(spec: TopicSpec, count: number | undefined): Decision {
  const { topic, partitions } = spec
  if (count === undefined) {
    return { outcome: 'created', carryOut: (admin) => admin.createTopics({ topics: [toKafka(spec)] }) }
  }
  if (count < partitions) {
    const growth = { topicPartitions: [{ topic, count: partitions }] }
    return { outcome: 'grown', carryOut: (admin) => admin.createPartitions(growth) }
  }
  if (count === partitions) return { outcome: 'exists' }
  return { outcome: 'refused', reason: `${count} are there already, and none of them can be taken away` }
}

function toKafka({ topic, partitions, replicationFactor = -1, config = {} }: TopicSpec) {
  const configEntries: { name: string; value: string }[] = []
  for (const name in config) configEntries.push({ name, value: String(config[name]) })
  return { topic, numPartitions: partitions, replicationFactor, configEntries }
}

/** The sentences of what Kafka refused; any other error goes on to the caller. */
function sentenceOf(error: { errors?: Error[]; type?: string; message: string }): string {
  if (error.errors) return error.errors.map(({ message }) => message).join(' ')
  if (error.type) return error.message
  throw error
}
