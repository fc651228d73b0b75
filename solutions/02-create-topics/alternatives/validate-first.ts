// Another way: topics do not wait for each other, growing is validated before it is done, and nobody waits for leaders.

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

export function describeCluster(kafka: Kafka): Promise<ClusterInfo> {
  const admin = kafka.admin()
  return admin
    .connect()
    .then(() => admin.describeCluster())
    .then(({ clusterId, brokers, controller }) => ({
      clusterId,
      brokers: brokers
        .map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` }))
        .sort((a, b) => a.nodeId - b.nodeId),
      controllerId: controller,
    }))
    .finally(() => admin.disconnect().catch(() => undefined))
}

const refused = (topic: string, reason: string): TopicOutcome => ({ topic, outcome: 'refused', reason })

/** Every sentence or name of the broker in an error, however deep it lies. Empty when no broker has refused anything. */
function* refusals(error: unknown): Generator<string, void, undefined> {
  if (!(error instanceof Error)) return
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const inner of error.errors) yield* refusals(inner)
  } else if ('type' in error && typeof error.type === 'string') {
    yield error.type
  }
}

/** Makes an outcome of what Kafka refused; everything else is thrown again. */
const orRefused =
  (topic: string) =>
  (error: unknown): TopicOutcome => {
    const reasons = [...refusals(error)]
    if (reasons.length === 0) throw error
    return refused(topic, reasons.join(', '))
  }

const partitionsOf = async (admin: Admin, topic: string): Promise<number> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return topics.find(({ name }) => name === topic)?.partitions.length ?? 0
}

/** Waits, for some seconds at most, until the brokers tell others about what has just been changed. */
async function settled(admin: Admin, topic: string, partitions: number, patience = 50): Promise<void> {
  for (let left = patience; left > 0; left--) {
    const there = await partitionsOf(admin, topic).catch(() => 0) // not known yet, or without a leader yet
    if (there >= partitions) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function create(admin: Admin, spec: TopicSpec): Promise<boolean> {
  const { topic, partitions, replicationFactor = -1, config = {} } = spec // -1 asks for the broker's own default
  const isNew = await admin.createTopics({
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value: String(value) })),
      },
    ],
  })
  if (isNew) await settled(admin, topic, partitions)
  return isNew
}

/** Brings one topic into its state. `counts` says how many partitions the topics have, as far as anybody has heard. */
async function bring(admin: Admin, spec: TopicSpec, counts: Map<string, number>): Promise<TopicOutcome> {
  const { topic, partitions } = spec
  if (!counts.has(topic)) {
    if (await create(admin, spec)) {
      counts.set(topic, partitions)
      return { topic, outcome: 'created' }
    }
    counts.set(topic, await partitionsOf(admin, topic)) // somebody else was faster
  }
  const there = counts.get(topic) ?? 0
  if (there === partitions) return { topic, outcome: 'exists' }
  if (there > partitions) return refused(topic, `${there} partitions are there, Kafka takes none away`)
  // Ask first whether it would do; then do it.
  for (const validateOnly of [true, false]) {
    await admin.createPartitions({ validateOnly, topicPartitions: [{ topic, count: partitions }] })
  }
  counts.set(topic, partitions)
  await settled(admin, topic, partitions)
  return { topic, outcome: 'grown' }
}

/**
 * Topics do not wait for each other; two specs for the same topic do.
 */
export async function ensureTopics(admin: Admin, specs: TopicSpec[]): Promise<TopicOutcome[]> {
  if (specs.length === 0) return []
  const { topics } = await admin.fetchTopicMetadata()
  const counts = new Map(topics.map(({ name, partitions }): [string, number] => [name, partitions.length]))
  const turns = new Map<string, Promise<unknown>>()

  const running = specs.map((spec) => {
    const before = turns.get(spec.topic) ?? Promise.resolve()
    const outcome = before.then(() => bring(admin, spec, counts)).catch(orRefused(spec.topic))
    turns.set(spec.topic, outcome)
    return outcome
  })
  await Promise.allSettled(running) // nothing of ours is on its way any more when we reject
  return Promise.all(running)
}
