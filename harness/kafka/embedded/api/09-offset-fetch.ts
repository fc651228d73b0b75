import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import type { CommittedOffset } from '../offsets.ts'
import { isCoordinator } from '../wrong-node.ts'

type GroupRequest = RequestOf<typeof OffsetFetch>['groups'][number]
type GroupResponse = ResponseOf<typeof OffsetFetch>['groups'][number]
type PartitionResponse = GroupResponse['topics'][number]['partitions'][number]

/** From this version on the answer has an error of its own; before, each partition has it. */
const GROUP_ERROR_FROM = 2
/** From this version on several groups come in one request (KIP-709). */
const SEVERAL_GROUPS_FROM = 8

/**
 * Where groups go on reading. No commit is no error: the offset is -1 then, also for topics and groups that do not
 * exist. Without a list of topics, everything that is committed.
 *
 * With `requireStable` an offset that an open transaction may still change is UNSTABLE_OFFSET_COMMIT, so that a consumer
 * waits and does not read records again that the transaction is about to commit (KIP-447).
 */
export const offsetFetch = handler(OffsetFetch, [1, 8], (request, context) => {
  if (context.apiVersion >= SEVERAL_GROUPS_FROM) {
    const groups = request.groups.map((group) => fetchGroup(group, request.requireStable, context))
    return { throttleTimeMs: 0, errorCode: 0, topics: [], groups }
  }
  const one = fetchGroup(request, request.requireStable, context)
  const hasNoPlace = one.errorCode !== 0 && context.apiVersion < GROUP_ERROR_FROM
  const topics = hasNoPlace ? inEachPartition(request, one.errorCode) : one.topics
  return { throttleTimeMs: 0, errorCode: one.errorCode, topics, groups: [] }
})

type Asked = Pick<GroupRequest, 'groupId' | 'topics'>

function fetchGroup(
  { groupId, topics }: Asked,
  requireStable: boolean,
  context: RequestContext,
): GroupResponse {
  const { groups } = context.state
  if (!isCoordinator(context, groupId))
    return { groupId, topics: [], errorCode: errorCode('NOT_COORDINATOR') }

  const answer = (name: string, index: number): PartitionResponse =>
    requireStable && groups.hasPendingCommit(groupId, name, index)
      ? { ...describe(index), errorCode: errorCode('UNSTABLE_OFFSET_COMMIT') }
      : describe(index, groups.committed(groupId, name, index))
  const committed = () =>
    [...groups.allCommitted(groupId)].map(([name, partitions]) => ({
      name,
      partitionIndexes: [...partitions.keys()],
    }))
  return {
    groupId,
    errorCode: 0,
    topics: (topics ?? committed()).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => answer(name, index)),
    })),
  }
}

function inEachPartition({ topics }: Asked, error: number): GroupResponse['topics'] {
  return (topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => ({ ...describe(index), errorCode: error })),
  }))
}

function describe(partitionIndex: number, committed?: CommittedOffset): PartitionResponse {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1n,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: 0,
  }
}
