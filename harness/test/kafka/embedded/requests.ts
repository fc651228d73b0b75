import type { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import type { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import type { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import type { RequestOf } from '../../../kafka/protocol/api.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import type { NewRecord } from '../../../kafka/protocol/record-batch.ts'

type NewTopic = RequestOf<typeof CreateTopics>['topics'][number]

/** A topic of one partition, unless `given` says otherwise. */
export function newTopic(name: string, given: Partial<NewTopic> = {}): NewTopic {
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...given }
}

export function configs(values: Record<string, string | null>): { name: string; value: string | null }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }))
}

export function newTopics(...names: string[]): RequestOf<typeof CreateTopics> {
  return { topics: names.map((name) => newTopic(name)), timeoutMs: 1000, validateOnly: false }
}

export function produceTo(
  topic: string,
  records: Buffer | null,
  acks = -1,
  index = 0,
): RequestOf<typeof Produce> {
  const topicData = [{ name: topic, partitionData: [{ index, records }] }]
  return { transactionalId: null, acks, timeoutMs: 1000, topicData }
}

/** Reads partition 0 of one topic. */
export function fetchFrom(
  topic: string,
  fetchOffset: bigint,
  given: Partial<RequestOf<typeof Fetch>> = {},
): RequestOf<typeof Fetch> {
  const partition = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
    partitionMaxBytes: 1_000_000,
  }
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, topicId: uuid.absent, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: '',
    ...given,
  }
}

/** A record with the key and value that are given; null is no key. */
export function record(key: string | null, value = 'value', timestamp = Date.now()): NewRecord {
  return {
    timestamp: BigInt(timestamp),
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value),
    headers: [],
  }
}
