import { rotate } from './coordinators.ts'
import { checkRoomFor } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { State } from './state.ts'
import { checkTopicConfigs } from './topic-configs.ts'
import { checkTopicName } from './topic-names.ts'
import type { TopicPlan } from './topics.ts'

export interface NewTopic {
  name: string
  /** -1 for the broker's default, or when `assignments` says it. */
  numPartitions: number
  /** -1 for the broker's default, or when `assignments` says it. */
  replicationFactor: number
  assignments: { partitionIndex: number; brokerIds: number[] }[]
  configs: { name: string; value: string | null }[]
}

/** The controller writes no more records in one batch: one for each topic, partition and setting. */
export const MAX_RECORDS_PER_REQUEST = 10_000

/**
 * Refuses all of a CreateTopics request that is too large as a whole (ReplicationControlManager.createTopics; tried on
 * 4.3.1). Topics that are there already do not count.
 */
export function checkRequestSize({ topics, settings }: State, wanted: readonly NewTopic[]): void {
  const added = wanted.filter(({ name }) => !topics.get(name))
  const partitions = sum(added, ({ numPartitions, assignments }) => {
    if (assignments.length > 0) return assignments.length
    return numPartitions === -1 ? Number(settings['num.partitions']) : Math.max(0, numPartitions)
  })
  if (partitions > MAX_RECORDS_PER_REQUEST) {
    throw new Refusal('POLICY_VIOLATION', 'Excessively large number of partitions per request.')
  }
  if (partitions + sum(added, ({ configs }) => 1 + configs.length) > MAX_RECORDS_PER_REQUEST) {
    throw new Refusal('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.')
  }
}

function sum<T>(of: readonly T[], amount: (one: T) => number): number {
  return of.reduce((total, one) => total + amount(one), 0)
}

/**
 * Checks what CreateTopics asks for and fills in the defaults. The order of the checks and the words are those of Kafka's
 * ReplicationControlManager. Throws Refusal.
 */
export function planTopic(state: State, topic: NewTopic): TopicPlan {
  checkFreeName(state, topic.name)
  const configs = ownConfigs(topic.configs)
  checkTopicConfigs(configs)
  const replicas = replicasOf(state, topic)
  checkRoomFor({ topics: 1, partitions: replicas.length }, state.topics.amount, state.settings)
  return { name: topic.name, configs, replicas }
}

function checkFreeName({ topics }: State, name: string): void {
  if (name === '__cluster_metadata') {
    throw new Refusal('INVALID_REQUEST', `Creation of internal topic ${name} is prohibited.`)
  }
  checkTopicName(name)
  if (topics.get(name)) throw new Refusal('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
  const other = topics.collidingWith(name)
  if (other === undefined) return
  throw new Refusal('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`)
}

function ownConfigs(given: NewTopic['configs']): Map<string, string> {
  const nulls = given.filter(({ value }) => value === null).map(({ name }) => name)
  if (nulls.length > 0) {
    throw new Refusal('INVALID_CONFIG', `Null value not supported for topic configs: ${nulls.join(',')}`)
  }
  return new Map(given.map(({ name, value }) => [name, value as string]))
}

function replicasOf(state: State, topic: NewTopic): number[][] {
  if (topic.assignments.length > 0) return assignedReplicas(state, topic)
  const { replicationFactor, numPartitions } = topic
  if (replicationFactor < -1 || replicationFactor === 0) {
    throw new Refusal(
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  }
  if (numPartitions < -1 || numPartitions === 0) {
    throw new Refusal('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.')
  }
  const settings = state.settings
  const partitions = numPartitions === -1 ? Number(settings['num.partitions']) : numPartitions
  const factor = replicationFactor === -1 ? Number(settings['default.replication.factor']) : replicationFactor
  return placeReplicas(state, { partitions, factor, start: state.topics.count })
}

export interface Placement {
  partitions: number
  /** How many replicas each of them gets. */
  factor: number
  /** Where in the row of nodes the first partition starts. */
  start: number
}

/**
 * Chooses replicas for new partitions, as Kafka's StripedReplicaPlacer does: each partition starts one node further on,
 * and fenced nodes come last. Kafka starts anywhere; here the start is given, so that everybody sees the same.
 */
export function placeReplicas({ nodes }: State, { partitions, factor, start }: Placement): number[][] {
  const { ids } = nodes
  if (factor > ids.length) {
    throw new Refusal(
      'INVALID_REPLICATION_FACTOR',
      `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached ` +
        `because only ${ids.length} broker(s) are registered or some brokers have all their log directories cordoned.`,
    )
  }
  const active = nodes.active.map(({ id }) => id)
  const fenced = ids.filter((id) => !active.includes(id))
  return Array.from({ length: partitions }, (_, index) =>
    [...rotate(active, start + index), ...fenced].slice(0, factor),
  )
}

function assignedReplicas(state: State, topic: NewTopic): number[][] {
  if (topic.replicationFactor !== -1) throw notBoth('replication factor')
  if (topic.numPartitions !== -1) throw notBoth('numPartitions')
  const byPartition = new Map<number, number[]>()
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byPartition.has(partitionIndex)) {
      throw badAssignment(`Found multiple manual partition assignments for partition ${partitionIndex}`)
    }
    const [first] = byPartition.values()
    checkAssignment(state, { partitionIndex, brokerIds }, first?.length)
    byPartition.set(partitionIndex, brokerIds)
  }
  return Array.from({ length: byPartition.size }, (_, index) => {
    const replicas = byPartition.get(index)
    if (!replicas) throw badAssignment('partitions should be a consecutive 0-based integer sequence')
    return replicas
  })
}

function notBoth(what: string): Refusal {
  return new Refusal(
    'INVALID_REQUEST',
    `A manual partition assignment was specified, but ${what} was not set to -1.`,
  )
}

/** Refuses replicas that cannot be: none, nodes that do not exist, or one more than once. The lowest bad id is named. */
export function checkReplicas({ nodes }: State, brokerIds: readonly number[]): void {
  if (brokerIds.length === 0)
    throw badAssignment('The manual partition assignment includes an empty replica list.')
  let previous: number | undefined
  for (const id of [...brokerIds].sort((one, other) => one - other)) {
    if (!nodes.find(id)) {
      throw badAssignment(
        `The manual partition assignment includes broker ${id}, but no such broker is registered.`,
      )
    }
    if (id === previous) {
      throw badAssignment(`The manual partition assignment includes the broker ${id} more than once.`)
    }
    previous = id
  }
}

/** Checks the replicas of one partition, as a client wants them; `factor` is how many the others have. */
export function checkAssignment(
  state: State,
  { partitionIndex, brokerIds }: NewTopic['assignments'][number],
  factor = brokerIds.length,
): void {
  checkReplicas(state, brokerIds)
  if (brokerIds.length !== factor) {
    throw badAssignment(
      `The manual partition assignment includes a partition with ${brokerIds.length} replica(s), but this is not ` +
        `consistent with previous partitions, which have ${factor} replica(s).`,
    )
  }
  if (!brokerIds.some((id) => state.nodes.isActive(id))) {
    throw badAssignment(
      `All brokers specified in the manual partition assignment for partition ${partitionIndex} are fenced or in ` +
        'controlled shutdown.',
    )
  }
}

export function badAssignment(text: string): Refusal {
  return new Refusal('INVALID_REPLICA_ASSIGNMENT', text)
}
