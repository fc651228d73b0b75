// Written from the page alone. First verdict: failed, mistake one-refusal-for-all.
// Wrong: takes one createTopics call for all or nothing. When the broker refuses one topic, the good ones have been created
// all the same, but they are reported as refused too, with the reason of another topic.
import type { Admin, Kafka } from 'kafkajs'

/** What any broker of a cluster tells about all of it. */
export interface ClusterInfo {
  clusterId: string
  /** Every broker, with the address that it advertises to clients: `127.0.0.1:9092`. */
  brokers: { nodeId: number; address: string }[]
  /** The node that kafkajs sends requests for the controller to, or null when the cluster names none. */
  controllerId: number | null
}

/** A topic as it should be. */
export interface TopicSpec {
  topic: string
  partitions: number
  /** Left out: the broker's own default. */
  replicationFactor?: number
  /** Settings of the topic, such as `{ 'retention.ms': 86_400_000 }`. */
  config?: Record<string, string | number>
}

/** What became of one topic. */
export interface TopicOutcome {
  topic: string
  outcome: 'created' | 'exists' | 'grown' | 'refused'
  /** Only when refused: Kafka's name of the error, such as `INVALID_REPLICATION_FACTOR`, or its sentence. */
  reason?: string
}

/** Asks the cluster about itself. Connects an admin client of its own and disconnects it, whatever happens. */
export async function describeCluster(kafka: Kafka): Promise<ClusterInfo> {
  const admin = kafka.admin()
  try {
    await admin.connect()
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

function nameOf(error: unknown): string {
  if (typeof error === 'object' && error !== null) {
    if ('errors' in error && Array.isArray(error.errors)) return nameOf(error.errors[0])
    if ('type' in error && typeof error.type === 'string') return error.type
  }
  throw error // not an answer of the broker
}

/**
 * Makes sure that every topic exists with its number of partitions, and gives one outcome per spec, in their order.
 * A topic with fewer partitions grows, one with more is left alone and reported as refused. No topic is ever deleted.
 */
export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  const { topics } = await admin.fetchTopicMetadata()
  const existing = new Map(topics.map(({ name, partitions }) => [name, partitions.length] as const))

  // One request for everything that is missing: either all of it is created, or nothing.
  const missing = specs.filter(({ topic }) => !existing.has(topic))
  let failure: string | undefined
  if (missing.length > 0) {
    try {
      await admin.createTopics({
        topics: missing.map(({ topic, partitions, replicationFactor, config }) => ({
          topic,
          numPartitions: partitions,
          ...(replicationFactor === undefined ? {} : { replicationFactor }),
          configEntries: Object.entries(config ?? {}).map(([name, value]) => ({
            name,
            value: String(value),
          })),
        })),
      })
    } catch (error) {
      failure = nameOf(error)
    }
  }

  const outcomes: TopicOutcome[] = []
  for (const { topic, partitions } of specs) {
    const there = existing.get(topic)
    if (there === undefined) {
      outcomes.push(
        failure === undefined
          ? { topic, outcome: 'created' }
          : { topic, outcome: 'refused', reason: failure },
      )
    } else if (there === partitions) {
      outcomes.push({ topic, outcome: 'exists' })
    } else if (there > partitions) {
      outcomes.push({ topic, outcome: 'refused', reason: `has ${there} partitions already` })
    } else {
      try {
        await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] })
        outcomes.push({ topic, outcome: 'grown' })
      } catch (error) {
        outcomes.push({ topic, outcome: 'refused', reason: nameOf(error) })
      }
    }
  }
  return outcomes
}
