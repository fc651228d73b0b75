import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { handler } from '../handler.ts'
import type { CommittedOffset } from '../offsets.ts'

/**
 * Where a group goes on reading. No commit is no error: the offset is -1 then, also for topics and groups that do not
 * exist. Without a list of topics, everything that is committed.
 */
export const offsetFetch = handler(OffsetFetch, [1, 5], (request, { state }) => {
  const { groupId } = request
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

function answer(partitionIndex: number, committed: CommittedOffset | undefined) {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1n,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: 0,
  }
}
