import { TxnOffsetCommit } from '../../protocol/api/28-txn-offset-commit.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { isCoordinator } from '../wrong-node.ts'

type Request = RequestOf<typeof TxnOffsetCommit>

/**
 * TxnOffsetCommit, versions 0 to 3: commits offsets of a group with a transaction; they count when it is committed. As in OffsetCommit, partitions that do
 * not exist are refused before anybody else is asked.
 */
export const txnOffsetCommit = handler(TxnOffsetCommit, [0, 3], (request, context) => {
  const { state } = context
  const exists = (topic: string, index: number) => state.topics.partition(topic, index) !== undefined
  const isAnyThere = request.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => exists(name, partitionIndex)),
  )
  const admission = isAnyThere ? admit(request, context) : 'NONE'

  function commit(topic: string, partition: Request['topics'][number]['partitions'][number]): ErrorName {
    const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = partition
    if (!exists(topic, partitionIndex)) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (admission !== 'NONE') return admission
    const given = {
      topic,
      partition: partitionIndex,
      offset: committedOffset,
      leaderEpoch: committedLeaderEpoch,
      metadata: committedMetadata,
      retentionMs: -1,
    }
    return state.groups.commit(request.groupId, given, request.producerId)
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

function admit(request: Request, context: RequestContext): ErrorName {
  const { transactions, groups } = context.state
  if (request.groupId === '') return 'INVALID_GROUP_ID'
  if (!isCoordinator(context, request.groupId)) return 'NOT_COORDINATOR'
  try {
    transactions.verifyGroup(request, request.groupId)
  } catch (error) {
    if (error instanceof Refusal) return error.error
    throw error
  }
  return groups.admitTransactionalCommit({ ...request, instanceId: request.groupInstanceId })
}
