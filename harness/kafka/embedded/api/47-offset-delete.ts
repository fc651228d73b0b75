import { OffsetDelete } from '../../protocol/api/47-offset-delete.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** Forgets single commits (KIP-496). When the group refuses, the answer names no topics. */
export const offsetDelete = handler(OffsetDelete, [0, 0], (request, context) => {
  const { groupId } = request
  const { state } = context
  const error = isCoordinator(context, groupId) ? state.groups.admitOffsetDelete(groupId) : 'NOT_COORDINATOR'

  function forget(topic: string, partition: number): ErrorName {
    if (!state.topics.partition(topic, partition)) return 'UNKNOWN_TOPIC_OR_PARTITION'
    return state.groups.deleteOffset(groupId, topic, partition)
  }

  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: errorCode(forget(name, partitionIndex)),
    })),
  }))
  return { errorCode: errorCode(error), throttleTimeMs: 0, topics: error === 'NONE' ? topics : [] }
})
