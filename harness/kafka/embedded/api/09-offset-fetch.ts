import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import type { CommittedOffset } from '../offsets.ts'
import { isCoordinator } from '../wrong-node.ts'

/**
 * Where a group goes on reading. No commit is no error: the offset is -1 then, also for topics and groups that do not
 * exist. Without a list of topics, everything that is committed.
 */
export const offsetFetch = handler(OffsetFetch, [1, 5], (request, context) => {
  if (!isCoordinator(context, request.groupId)) return notCoordinator(request, context.apiVersion)
  const { groupId } = request
  const { state } = context
  const asked = request.topics?.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => answer(index, state.groups.committed(groupId, name, index))),
  }))
  const all = () =>
    [...state.groups.allCommitted(groupId)].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([index, committed]) => answer(index, committed)),
    }))
  return { throttleTimeMs: 0, errorCode: 0, topics: asked ?? all(), groups: [] }
})

/** From this version on the answer has an error of its own; before, each partition has it. */
const GROUP_ERROR_FROM = 2

function notCoordinator({ topics }: RequestOf<typeof OffsetFetch>, apiVersion: number) {
  const error = errorCode('NOT_COORDINATOR')
  const named = (topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => ({ ...answer(index, undefined), errorCode: error })),
  }))
  return {
    throttleTimeMs: 0,
    errorCode: error,
    topics: apiVersion >= GROUP_ERROR_FROM ? [] : named,
    groups: [],
  }
}

function answer(partitionIndex: number, committed: CommittedOffset | undefined) {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1n,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: 0,
  }
}
