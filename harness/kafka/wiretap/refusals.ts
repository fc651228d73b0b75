import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { ListOffsets } from '../protocol/api/02-list-offsets.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { Heartbeat } from '../protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../protocol/api/13-leave-group.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { InitProducerId } from '../protocol/api/22-init-producer-id.ts'
import type { AnyApi } from '../protocol/api.ts'
import { uuid } from '../protocol/codec.ts'
import { adminRefusals } from './admin-refusals.ts'
import { type Refusal, Refusals } from './refusal.ts'

const refusals = new Refusals()

/** The refusal of an API, or null when the wiretap has none for it. */
export function refusalOf(api: AnyApi): Refusal | null {
  return refusals.of(api) ?? adminRefusals.of(api)
}

refusals.add(Produce, (request, errorCode) => ({
  responses: request.topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index }) => ({
      index,
      errorCode,
      baseOffset: -1n,
      logAppendTimeMs: -1n,
      logStartOffset: -1n,
      recordErrors: [],
      errorMessage: null,
    })),
  })),
  throttleTimeMs: 0,
}))

refusals.add(Fetch, (request, errorCode) => ({
  throttleTimeMs: 0,
  errorCode: 0,
  sessionId: 0,
  responses: request.topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition }) => ({
      partitionIndex: partition,
      errorCode,
      highWatermark: -1n,
      lastStableOffset: -1n,
      logStartOffset: -1n,
      abortedTransactions: null,
      preferredReadReplica: -1,
      records: Buffer.alloc(0),
    })),
  })),
}))

refusals.add(ListOffsets, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode,
      timestamp: -1n,
      offset: -1n,
      leaderEpoch: -1,
    })),
  })),
}))

/** Kafka's "authorized operations were not asked for": the lowest INT32. */
const NOT_ASKED = -0x80000000

/** The error of a Metadata answer belongs to a topic: a request that names none cannot be refused. */
refusals.add(Metadata, (request, errorCode) => {
  if (!request.topics?.length) return null
  const topics = request.topics.map(({ topicId, name }) => ({
    errorCode,
    name,
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  }))
  return { ...Metadata.response.absent, topics, clusterAuthorizedOperations: NOT_ASKED }
})

refusals.add(OffsetCommit, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  })),
}))

/** Version 1 has the error in each partition, 2 to 7 for the group, 8 in each group. */
refusals.add(OffsetFetch, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: (request.topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: -1n,
      committedLeaderEpoch: -1,
      metadata: '',
      errorCode,
    })),
  })),
  errorCode,
  groups: request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode })),
}))

refusals.add(FindCoordinator, (request, errorCode) => {
  const nowhere = { nodeId: -1, host: '', port: -1, errorCode, errorMessage: null }
  return {
    throttleTimeMs: 0,
    ...nowhere,
    coordinators: request.coordinatorKeys.map((key) => ({ key, ...nowhere })),
  }
})

refusals.add(JoinGroup, (request, errorCode) => ({
  throttleTimeMs: 0,
  errorCode,
  generationId: -1,
  protocolName: '',
  leader: '',
  memberId: request.memberId,
  members: [],
}))

refusals.add(SyncGroup, (_request, errorCode) => ({
  throttleTimeMs: 0,
  errorCode,
  assignment: Buffer.alloc(0),
}))

refusals.add(Heartbeat, (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }))

refusals.add(LeaveGroup, (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }))

refusals.add(InitProducerId, (_request, errorCode) => ({
  throttleTimeMs: 0,
  errorCode,
  producerId: -1n,
  producerEpoch: -1,
}))

refusals.add(CreateTopics, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name }) => ({
    name,
    topicId: uuid.absent,
    errorCode,
    errorMessage: null,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  })),
}))
