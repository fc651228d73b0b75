import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/**
 * Stores where a group goes on reading. Partitions that do not exist are refused before the group is asked
 * (KafkaApis.handleOffsetCommitRequest); when there are no others, it is not asked at all.
 */
export const offsetCommit = handler(OffsetCommit, [2, 8], (request, context) => {
  const { state } = context
  const { groupId, memberId, groupInstanceId: instanceId, generationIdOrMemberEpoch: generationId } = request
  const exists = (topic: string, index: number) => state.topics.partition(topic, index) !== undefined
  const asksGroup = request.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => exists(name, partitionIndex)),
  )
  const admission = asksGroup ? admit() : 'NONE'

  function admit(): ErrorName {
    if (!isCoordinator(context, groupId)) return 'NOT_COORDINATOR'
    return state.groups.admitCommit({ groupId, memberId, instanceId, generationId })
  }

  function commit(
    topic: string,
    partition: (typeof request.topics)[number]['partitions'][number],
  ): ErrorName {
    if (!exists(topic, partition.partitionIndex)) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (admission !== 'NONE') return admission
    return state.groups.commit(groupId, {
      topic,
      partition: partition.partitionIndex,
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch,
      metadata: partition.committedMetadata,
      retentionMs: Number(request.retentionTimeMs),
    })
  }

  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => ({
        partitionIndex: partition.partitionIndex,
        errorCode: errorCode(commit(name, partition)),
      })),
    })),
  }
})
