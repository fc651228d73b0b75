// The wrong idea: a client closes its connections by itself when nobody needs it any more.
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
  const { clusterId, brokers, controller } = await admin.describeCluster()
  return {
    clusterId,
    brokers: brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` })),
    controllerId: controller,
  }
}

export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  const outcomes: TopicOutcome[] = []
  for (const spec of specs) {
    try {
      outcomes.push({ topic: spec.topic, outcome: await ensureTopic(admin, spec) })
    } catch (error) {
      // Kafka's refusals have a name. Anything else (no broker, a bug) is not about this topic: let the caller hear it.
      const reason = refusalIn(error)
      if (reason === null) throw error
      outcomes.push({ topic: spec.topic, outcome: 'refused', reason })
    }
  }
  return outcomes
}

async function ensureTopic(admin: Admin, spec: TopicSpec): Promise<'created' | 'exists' | 'grown'> {
  // Create first, look later: the broker decides in one step whether the topic is new. "Look, then create" leaves a gap
  // in which another program may create it. One topic per request, because kafkajs gives one boolean per request.
  if (await createTopic(admin, spec)) return 'created'

  const { topics } = await admin.fetchTopicMetadata({ topics: [spec.topic] })
  if (topics[0]?.partitions.length === spec.partitions) return 'exists'

  // Kafka itself refuses a smaller number, so there is no need to compare; the count is the new total, not what to add.
  await admin.createPartitions({ topicPartitions: [{ topic: spec.topic, count: spec.partitions }] })
  return 'grown'
}

/** True when the topic is new, false when it was there. */
async function createTopic(admin: Admin, spec: TopicSpec): Promise<boolean> {
  return admin.createTopics({
    topics: [
      {
        topic: spec.topic,
        numPartitions: spec.partitions,
        ...(spec.replicationFactor !== undefined && { replicationFactor: spec.replicationFactor }),
        // On the wire every setting is text.
        configEntries: Object.entries(spec.config ?? {}).map(([name, value]) => ({
          name,
          value: String(value),
        })),
      },
    ],
  })
}

/**
 * Kafka's name of an error that the broker answered, or null. createTopics wraps the errors of its topics in an
 * aggregate; createPartitions throws its error as it is. The classes are no named exports of an ES module, hence `type`.
 */
function refusalIn(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('errors' in error && Array.isArray(error.errors)) return refusalIn(error.errors[0])
  return 'type' in error && typeof error.type === 'string' ? error.type : null
}
