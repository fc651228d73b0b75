import type { Produce } from '../../kafka/protocol/api/00-produce.ts'
import type { Fetch } from '../../kafka/protocol/api/01-fetch.ts'
import type { ListOffsets } from '../../kafka/protocol/api/02-list-offsets.ts'
import type { Metadata } from '../../kafka/protocol/api/03-metadata.ts'
import type { OffsetFetch } from '../../kafka/protocol/api/09-offset-fetch.ts'
import type { CreateTopics } from '../../kafka/protocol/api/19-create-topics.ts'
import type { DeleteTopics } from '../../kafka/protocol/api/20-delete-topics.ts'
import type { DeleteRecords } from '../../kafka/protocol/api/21-delete-records.ts'
import type { RequestOf } from '../../kafka/protocol/api.ts'
import { uuid } from '../../kafka/protocol/codec.ts'
import type { NewRecord } from '../../kafka/protocol/record-batch.ts'

/** Request bodies with what most sequences want; `given` changes single fields. */

type NewTopicBody = RequestOf<typeof CreateTopics>['topics'][number]
export type FetchBody = RequestOf<typeof Fetch>
type FetchPartition = FetchBody['topics'][number]['partitions'][number]
type ListPartition = RequestOf<typeof ListOffsets>['topics'][number]['partitions'][number]

export function newTopic(name: string, given: Partial<NewTopicBody> = {}): NewTopicBody {
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...given }
}

export function createTopics(
  topics: NewTopicBody[],
  given: Partial<RequestOf<typeof CreateTopics>> = {},
): RequestOf<typeof CreateTopics> {
  return { topics, timeoutMs: 10_000, validateOnly: false, ...given }
}

export function configs(values: Record<string, string | null>): { name: string; value: string | null }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }))
}

/** A record whose time is `timestamp`, in milliseconds since 1970. */
export function record(
  timestamp: bigint,
  key: string | null = 'key',
  value: string | null = 'value',
  headers: NewRecord['headers'] = [],
): NewRecord {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text))
  return { timestamp, key: bytes(key), value: bytes(value), headers }
}

/** One batch, or what pretends to be one, for one partition. */
export function produce(
  topic: string,
  records: Buffer | null,
  { index = 0, ...given }: Partial<RequestOf<typeof Produce>> & { index?: number } = {},
): RequestOf<typeof Produce> {
  const topicData = [{ name: topic, partitionData: [{ index, records }] }]
  return { transactionalId: null, acks: -1, timeoutMs: 10_000, topicData, ...given }
}

export function fetchPartition(fetchOffset: bigint, given: Partial<FetchPartition> = {}): FetchPartition {
  return {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
    partitionMaxBytes: 1_000_000,
    ...given,
  }
}

/** Reads partitions of one topic, partition 0 from the start by default, without waiting. */
export function fetch(
  topic: string,
  partitions: FetchPartition[] = [fetchPartition(0n)],
  given: Partial<FetchBody> = {},
): FetchBody {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 10_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, topicId: uuid.absent, partitions }],
    forgottenTopicsData: [],
    rackId: '',
    ...given,
  }
}

export function listOffset(
  topic: string,
  timestamp: bigint,
  { isolationLevel = 0, ...given }: Partial<ListPartition> & { isolationLevel?: number } = {},
): RequestOf<typeof ListOffsets> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp, ...given }]
  return { replicaId: -1, isolationLevel, topics: [{ name: topic, partitions }] }
}

/** Asks for topics by name, or for all, and creates none. */
export function metadata(
  names: string[] | null,
  given: Partial<RequestOf<typeof Metadata>> = {},
): RequestOf<typeof Metadata> {
  return {
    topics: names?.map((name) => ({ topicId: uuid.absent, name })) ?? null,
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
    ...given,
  }
}

/** Where a group goes on in partitions of one topic; null asks for everything that it has committed. */
export function offsets(
  groupId: string,
  topic: string | null,
  partitionIndexes: number[] = [],
): RequestOf<typeof OffsetFetch> {
  const topics = topic === null ? null : [{ name: topic, partitionIndexes }]
  return { groupId, topics, groups: [{ groupId, topics }], requireStable: false }
}

export function deleteRecords(
  topic: string,
  offset: bigint,
  partitionIndex = 0,
): RequestOf<typeof DeleteRecords> {
  return { topics: [{ name: topic, partitions: [{ partitionIndex, offset }] }], timeoutMs: 10_000 }
}

export function deleteTopics(...topicNames: string[]): RequestOf<typeof DeleteTopics> {
  const topics = topicNames.map((name) => ({ name, topicId: uuid.absent }))
  return { topics, topicNames, timeoutMs: 10_000 }
}
