import { DescribeGroups } from '../protocol/api/15-describe-groups.ts'
import { DeleteTopics } from '../protocol/api/20-delete-topics.ts'
import { DeleteRecords } from '../protocol/api/21-delete-records.ts'
import { OffsetForLeaderEpoch } from '../protocol/api/23-offset-for-leader-epoch.ts'
import { AddPartitionsToTxn } from '../protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../protocol/api/26-end-txn.ts'
import { TxnOffsetCommit } from '../protocol/api/28-txn-offset-commit.ts'
import { DescribeConfigs } from '../protocol/api/32-describe-configs.ts'
import { AlterConfigs } from '../protocol/api/33-alter-configs.ts'
import { CreatePartitions } from '../protocol/api/37-create-partitions.ts'
import { DeleteGroups } from '../protocol/api/42-delete-groups.ts'
import { IncrementalAlterConfigs } from '../protocol/api/44-incremental-alter-configs.ts'
import { OffsetDelete } from '../protocol/api/47-offset-delete.ts'
import { uuid } from '../protocol/codec.ts'
import { Refusals } from './refusal.ts'

/** Refusals of what administrators and transactions ask for. */
export const adminRefusals = new Refusals()

adminRefusals.add(DescribeGroups, (request, errorCode) => ({
  throttleTimeMs: 0,
  groups: request.groups.map((groupId) => ({
    ...{ errorCode, groupId, groupState: '', protocolType: '', protocolData: '', members: [] },
    authorizedOperations: -0x80000000,
  })),
}))

adminRefusals.add(DeleteTopics, (request, errorCode) => {
  const byName = request.topicNames.map((name) => ({ name, topicId: uuid.absent }))
  const responses = [...request.topics, ...byName].map((one) => ({ ...one, errorCode, errorMessage: null }))
  return { throttleTimeMs: 0, responses }
})

adminRefusals.add(DeleteRecords, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, lowWatermark: -1n, errorCode })),
  })),
}))

adminRefusals.add(OffsetForLeaderEpoch, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => ({
      errorCode,
      partition,
      leaderEpoch: -1,
      endOffset: -1n,
    })),
  })),
}))

adminRefusals.add(AddPartitionsToTxn, (request, errorCode) => ({
  throttleTimeMs: 0,
  resultsByTopicV3AndBelow: request.v3AndBelowTopics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorCode,
    })),
  })),
}))

adminRefusals.add(AddOffsetsToTxn, (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }))

adminRefusals.add(EndTxn, (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }))

adminRefusals.add(TxnOffsetCommit, (request, errorCode) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  })),
}))

adminRefusals.add(DescribeConfigs, (request, errorCode) => ({
  throttleTimeMs: 0,
  results: request.resources.map(({ resourceType, resourceName }) => ({
    ...{ errorCode, errorMessage: null, resourceType, resourceName, configs: [] },
  })),
}))

for (const api of [AlterConfigs, IncrementalAlterConfigs] as const) {
  adminRefusals.add<{ resources: { resourceType: number; resourceName: string }[] }, unknown>(
    api,
    ({ resources }, errorCode) => ({
      throttleTimeMs: 0,
      responses: resources.map(({ resourceType, resourceName }) => ({
        ...{ errorCode, errorMessage: null, resourceType, resourceName },
      })),
    }),
  )
}

adminRefusals.add(CreatePartitions, (request, errorCode) => ({
  throttleTimeMs: 0,
  results: request.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
}))

adminRefusals.add(DeleteGroups, (request, errorCode) => ({
  throttleTimeMs: 0,
  results: request.groupsNames.map((groupId) => ({ groupId, errorCode })),
}))

/** The error of the group stands for all of it (OffsetDeleteRequest.getErrorResponse). */
adminRefusals.add(OffsetDelete, (_request, errorCode) => ({ errorCode, throttleTimeMs: 0, topics: [] }))
