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
  throw new Error('TODO describeCluster: ask the cluster for its id, its brokers and its controller')
}

/**
 * Makes sure that every topic exists with its number of partitions, and gives one outcome per spec, in their order.
 * A topic with fewer partitions grows, one with more is left alone and reported as refused. No topic is ever deleted.
 * What Kafka refuses is an outcome and does not stop the other specs. The admin is connected; its owner disconnects it.
 */
export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  throw new Error('TODO ensureTopics: create what is missing, grow what is too small, report the rest')
}
