import { Metadata } from '../../protocol/api/03-metadata.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { uuid } from '../../protocol/codec.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import { planTopic } from '../new-topic.ts'
import { NO_NODE } from '../nodes.ts'
import { attempt } from '../refusal.ts'
import type { State } from '../state.ts'
import { checkTopicName } from '../topic-names.ts'
import type { Partition, Topic } from '../topics.ts'

type Request = RequestOf<typeof Metadata>
type TopicResponse = ResponseOf<typeof Metadata>['topics'][number]

/** Kafka's "not asked for" (KIP-430): the lowest INT32. */
const NO_AUTHORIZED_OPERATIONS = -0x80000000

/** Without an authorizer everybody may do all that there is: a bit for each code of AclOperation. */
const TOPIC_OPERATIONS = bits(3, 4, 5, 6, 7, 8, 10, 11)
const CLUSTER_OPERATIONS = bits(5, 7, 8, 9, 10, 11, 12)

function bits(...operations: number[]): number {
  return operations.reduce((all, code) => all | (1 << code), 0)
}

/** From this version on topics may be named by id (KIP-516). */
const BY_ID_FROM = 12

/**
 * Metadata, versions 0 to 12. No list means all topics, an empty list none, but for version 0, where an empty list means all.
 *
 * A missing topic is UNKNOWN_TOPIC_OR_PARTITION even when it is created by this very request: KRaft brokers ask the
 * controller to create it and answer at once (AutoTopicCreationManager). The client finds it when it asks again.
 *
 * Every node takes what the controller has to do, and hands it on: clients may send it to any of them (KIP-590).
 */
export const metadata = handler(Metadata, [0, 12], (request, context) => {
  const { state } = context
  return {
    throttleTimeMs: 0,
    brokers: state.nodes.active.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
    clusterId: state.clusterId,
    controllerId: state.nodes.controllerId,
    topics: describeAsked(request, context).map((topic) => withOperations(topic, request)),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? CLUSTER_OPERATIONS
      : NO_AUTHORIZED_OPERATIONS,
  }
})

function withOperations(topic: TopicResponse, { includeTopicAuthorizedOperations }: Request): TopicResponse {
  const isWanted = includeTopicAuthorizedOperations && topic.errorCode === 0
  return isWanted ? { ...topic, topicAuthorizedOperations: TOPIC_OPERATIONS } : topic
}

type Context = Pick<RequestContext, 'state' | 'apiVersion'>

/** As soon as one topic is named by its id, names do not count (KafkaApis.handleTopicMetadataRequest). */
function describeAsked(request: Request, context: Context): TopicResponse[] {
  const { state, apiVersion } = context
  const asked = request.topics ?? []
  const isAboutAll = request.topics === null || (apiVersion === 0 && asked.length === 0)
  if (isAboutAll) return [...state.topics].map((topic) => describe(topic, apiVersion))
  const ids = new Set(asked.map(({ topicId }) => topicId).filter((id) => id !== uuid.absent))
  const isNamed = asked.every(({ name }) => name !== null)
  if (apiVersion < BY_ID_FROM && (ids.size > 0 || !isNamed)) return refuseAll(asked, 'INVALID_REQUEST')
  if (ids.size > 0) return describeIds([...ids], context)
  // Neither name nor id: Kafka stumbles over it.
  if (!isNamed) return refuseAll(asked, 'UNKNOWN_SERVER_ERROR')
  return describeNames([...new Set(asked.map(({ name }) => name as string))], request, context)
}

function refuseAll(asked: NonNullable<Request['topics']>, error: ErrorName): TopicResponse[] {
  return asked.map(({ name, topicId }) => ({ ...missing(name ?? '', error), topicId }))
}

/** What nobody has comes first. */
function describeIds(ids: string[], { state, apiVersion }: Context): TopicResponse[] {
  const known = ids.flatMap((id) => state.topics.withId(id) ?? [])
  const unknown = ids.filter((id) => !state.topics.withId(id))
  return [
    ...unknown.map((topicId) => ({ ...missing(null, 'UNKNOWN_TOPIC_ID'), topicId })),
    ...known.map((topic) => describe(topic, apiVersion)),
  ]
}

/** What is there comes first. */
function describeNames(names: string[], request: Request, context: Context): TopicResponse[] {
  const described = names.map((name) => lookUp(name, request, context))
  const isThere = ({ errorCode }: TopicResponse) => errorCode === 0
  return [...described.filter(isThere), ...described.filter((one) => !isThere(one))]
}

function lookUp(
  name: string,
  { allowAutoTopicCreation }: Request,
  { state, apiVersion }: Context,
): TopicResponse {
  const topic = state.topics.get(name)
  if (topic) return describe(topic, apiVersion)
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

function missing(name: string | null, error: ErrorName): TopicResponse {
  return {
    errorCode: errorCode(error),
    name,
    topicId: uuid.absent,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NO_AUTHORIZED_OPERATIONS,
  }
}

function describe({ id, name, isInternal, partitions }: Topic, apiVersion: number): TopicResponse {
  return {
    errorCode: 0,
    name,
    topicId: id,
    isInternal,
    partitions: partitions.map((one) =>
      apiVersion === 0 ? describeInVersion0(one) : describePartition(one),
    ),
    topicAuthorizedOperations: NO_AUTHORIZED_OPERATIONS,
  }
}

function describePartition(partition: Partition): TopicResponse['partitions'][number] {
  const { index, leaderId, leaderEpoch, replicas, isr, offline } = partition
  return {
    errorCode: errorCode(leaderId === NO_NODE ? 'LEADER_NOT_AVAILABLE' : 'NONE'),
    partitionIndex: index,
    leaderId,
    leaderEpoch,
    replicaNodes: [...replicas],
    isrNodes: [...isr],
    offlineReplicas: offline,
  }
}

/** Version 0 names only replicas that can be had, and says so with an error (KRaftMetadataCache). */
function describeInVersion0(partition: Partition): TopicResponse['partitions'][number] {
  const described = describePartition(partition)
  const isOffline = (id: number) => described.offlineReplicas.includes(id)
  if (described.offlineReplicas.length === 0) return described
  return {
    ...described,
    errorCode: described.errorCode === 0 ? errorCode('REPLICA_NOT_AVAILABLE') : described.errorCode,
    replicaNodes: described.replicaNodes.filter((id) => !isOffline(id)),
  }
}
