import { Metadata } from '../../protocol/api/03-metadata.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { uuid } from '../../protocol/codec.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { planTopic } from '../new-topic.ts'
import { attempt } from '../refusal.ts'
import type { State } from '../state.ts'
import { checkTopicName } from '../topic-names.ts'
import type { Partition, Topic } from '../topics.ts'

type Request = RequestOf<typeof Metadata>
type TopicResponse = ResponseOf<typeof Metadata>['topics'][number]

/** Kafka's "not asked for": the lowest INT32. Without an authorizer nobody can ask for more. */
const NO_AUTHORIZED_OPERATIONS = -0x80000000

/**
 * Metadata, versions 0 to 11. No list means all topics, an empty list none, but for version 0, where an empty list means all.
 *
 * A missing topic is UNKNOWN_TOPIC_OR_PARTITION even when it is created by this very request: KRaft brokers ask the
 * controller to create it and answer at once (AutoTopicCreationManager). The client finds it when it asks again.
 */
export const metadata = handler(Metadata, [0, 11], (request, { state, apiVersion }) => ({
  throttleTimeMs: 0,
  brokers: state.nodes.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
  clusterId: state.clusterId,
  controllerId: state.controllerId,
  topics: isAboutAll(request, apiVersion)
    ? [...state.topics].map(describe)
    : namesOf(request).map((name) => lookUp(name, request, state)),
  clusterAuthorizedOperations: NO_AUTHORIZED_OPERATIONS,
}))

function isAboutAll({ topics }: Request, apiVersion: number): boolean {
  return topics === null || (apiVersion === 0 && topics.length === 0)
}

function namesOf({ topics }: Request): string[] {
  return [...new Set((topics ?? []).map(({ name }) => name))]
}

function lookUp(name: string, { allowAutoTopicCreation }: Request, state: State): TopicResponse {
  const topic = state.topics.get(name)
  if (topic) return describe(topic)
  if (attempt(() => checkTopicName(name)).errorCode !== 0) return missing(name, 'INVALID_TOPIC_EXCEPTION')
  const mayCreate = allowAutoTopicCreation && state.settings['auto.create.topics.enable'] === 'true'
  if (mayCreate) state.clock.after(0, () => create(name, state))
  return missing(name, 'UNKNOWN_TOPIC_OR_PARTITION')
}

/** Creates a topic with the broker's defaults; nobody hears of it when that fails. */
function create(name: string, state: State): void {
  const topic = { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
  attempt(() => state.topics.create(planTopic(state, topic)))
}

function missing(name: string, error: ErrorName): TopicResponse {
  return {
    errorCode: errorCode(error),
    name,
    topicId: uuid.absent,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NO_AUTHORIZED_OPERATIONS,
  }
}

function describe({ id, name, isInternal, partitions }: Topic): TopicResponse {
  return {
    errorCode: 0,
    name,
    topicId: id,
    isInternal,
    partitions: partitions.map(describePartition),
    topicAuthorizedOperations: NO_AUTHORIZED_OPERATIONS,
  }
}

function describePartition({
  index,
  leaderId,
  leaderEpoch,
  replicas,
}: Partition): TopicResponse['partitions'][number] {
  return {
    errorCode: 0,
    partitionIndex: index,
    leaderId,
    leaderEpoch,
    replicaNodes: [...replicas],
    isrNodes: [...replicas],
    offlineReplicas: [],
  }
}
