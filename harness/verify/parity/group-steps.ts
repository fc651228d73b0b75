import type { OffsetCommit } from '../../kafka/protocol/api/08-offset-commit.ts'
import { JoinGroup } from '../../kafka/protocol/api/11-join-group.ts'
import type { LeaveGroup } from '../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../kafka/protocol/api/15-describe-groups.ts'
import type { RequestOf, ResponseOf } from '../../kafka/protocol/api.ts'
import { string } from '../../kafka/protocol/codec.ts'
import { Writer } from '../../kafka/protocol/writer.ts'
import type { Peer } from './peer.ts'
import type { Scene } from './scene.ts'

/** What members of groups do, with what most sequences want; `given` changes single fields. */

export type JoinBody = RequestOf<typeof JoinGroup>
type JoinAnswer = ResponseOf<typeof JoinGroup>

/** The version that has everything but compact lengths. */
export const JOIN_VERSION = 5
export const SYNC_VERSION = 3

/**
 * A protocol of a consumer that subscribes to `topics`, with a ConsumerProtocolSubscription of version 0 as its metadata.
 * Kafka 4.3.1 reads it: with other bytes in it the join is never answered.
 */
export function protocol(name = 'range', ...topics: string[]): JoinBody['protocols'][number] {
  const to = new Writer()
  to.int16(0) // version
  to.int32(topics.length)
  for (const topic of topics) string.write(to, topic, 0)
  to.int32(-1) // no data of the user's
  return { name, metadata: to.bytes() }
}

export function join(groupId: string, given: Partial<JoinBody> = {}): JoinBody {
  return {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [protocol()],
    ...given,
  }
}

export function sync(
  groupId: string,
  { memberId, generationId }: Pick<JoinAnswer, 'memberId' | 'generationId'>,
  shares: Record<string, string> = {},
  groupInstanceId: string | null = null,
): RequestOf<typeof SyncGroup> {
  const assignments = Object.entries(shares).map(([id, share]) => ({
    memberId: id,
    assignment: Buffer.from(share),
  }))
  return { groupId, generationId, memberId, groupInstanceId, assignments }
}

export function leave(groupId: string, ...memberIds: string[]): RequestOf<typeof LeaveGroup> {
  return {
    groupId,
    memberId: memberIds[0] ?? '',
    members: memberIds.map((memberId) => ({ memberId, groupInstanceId: null })),
  }
}

export function commit(
  groupId: string,
  topic: string,
  given: Partial<RequestOf<typeof OffsetCommit>> & {
    offset?: bigint
    metadata?: string | null
    index?: number
  } = {},
): RequestOf<typeof OffsetCommit> {
  const { offset = 5n, metadata = '', index = 0, ...fields } = given
  const partition = {
    partitionIndex: index,
    committedOffset: offset,
    committedLeaderEpoch: -1,
    committedMetadata: metadata,
  }
  return {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1n,
    topics: [{ name: topic, partitions: [partition] }],
    ...fields,
  }
}

export function describe(...groups: string[]): RequestOf<typeof DescribeGroups> {
  return { groups, includeAuthorizedOperations: false }
}

/** A member of a group, with the connection that it alone uses. */
export interface Member extends Pick<JoinAnswer, 'memberId' | 'generationId'> {
  peer: Peer
}

/** A member id that the coordinator gave, before the join that needs it. */
export async function memberId(peer: Peer, groupId: string, given: Partial<JoinBody> = {}): Promise<string> {
  return (await peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, given))).memberId
}

/** The first member of a group, after its join; it leads, and has yet to sync. */
export async function joined(scene: Scene, groupId: string, given: Partial<JoinBody> = {}): Promise<Member> {
  const peer = await scene.connect()
  const id = given.groupInstanceId ? '' : await memberId(peer, groupId, given)
  const answer = await peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, { ...given, memberId: id }))
  return { peer, memberId: answer.memberId, generationId: answer.generationId }
}

/** A stable group of one member. */
export async function stable(scene: Scene, groupId: string, given: Partial<JoinBody> = {}): Promise<Member> {
  const member = await joined(scene, groupId, given)
  const { groupInstanceId = null } = given
  await member.peer.quietly(
    SyncGroup,
    SYNC_VERSION,
    sync(groupId, member, { [member.memberId]: 'all' }, groupInstanceId),
  )
  return member
}

/** A stable group of two members, in generation 2: the second one made the first join again. */
export async function stablePair(
  scene: Scene,
  groupId: string,
  given: [Partial<JoinBody>, Partial<JoinBody>] = [{}, {}],
): Promise<[Member, Member]> {
  const first = await stable(scene, groupId, given[0])
  const peer = await scene.connect()
  const id = given[1].groupInstanceId ? '' : await memberId(peer, groupId, given[1])
  const joining = peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, { ...given[1], memberId: id }))
  await untilState(scene, groupId, 'PreparingRebalance')
  const again = await first.peer.quietly(
    JoinGroup,
    JOIN_VERSION,
    join(groupId, { ...given[0], memberId: first.memberId }),
  )
  const answer = await joining
  const one = { ...first, generationId: again.generationId }
  const two = { peer, memberId: answer.memberId, generationId: answer.generationId }
  const syncing = two.peer.quietly(
    SyncGroup,
    SYNC_VERSION,
    sync(groupId, two, {}, given[1].groupInstanceId ?? null),
  )
  const shares = { [one.memberId]: 'left', [two.memberId]: 'right' }
  await one.peer.quietly(
    SyncGroup,
    SYNC_VERSION,
    sync(groupId, one, shares, given[0].groupInstanceId ?? null),
  )
  await syncing
  return [one, two]
}

/** Waits until a group is in this state. */
export async function untilState(
  scene: Scene,
  groupId: string,
  state: string,
  members?: number,
): Promise<void> {
  await scene.peer.quietlyUntil(DescribeGroups, 4, describe(groupId), ({ groups: [group] }) => {
    return group?.groupState === state && (members === undefined || group.members.length === members)
  })
}
