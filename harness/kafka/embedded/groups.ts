import type { ErrorName } from '../protocol/error-codes.ts'
import type { Clock } from './clock.ts'
import { Group, type GroupState } from './group.ts'
import { join } from './group-join.ts'
import { leave } from './group-leave.ts'
import {
  type GenerationMember,
  type JoinAnswer,
  type JoinRequest,
  type Leaving,
  type MemberIdentity,
  refusedJoin,
  refusedSync,
  type SyncAnswer,
  type SyncRequest,
} from './group-messages.ts'
import { keepAlive } from './group-rebalance.ts'
import { groupSettings } from './group-settings.ts'
import { sync } from './group-sync.ts'
import type { CommittedOffset } from './offsets.ts'
import { Timer } from './timer.ts'

export interface NewCommit {
  topic: string
  partition: number
  offset: bigint
  leaderEpoch: number
  metadata: string | null
  /** How long to keep it, in milliseconds; -1 for the broker's own retention. */
  retentionMs: number
}

export interface DescribedGroup {
  state: GroupState | 'Dead'
  protocolType: string
  protocolName: string
  members: {
    memberId: string
    instanceId: string | null
    clientId: string
    clientHost: string
    metadata: Buffer
    assignment: Buffer
  }[]
}

const DEAD: DescribedGroup = { state: 'Dead', protocolType: '', protocolName: '', members: [] }

export type Groups = ReturnType<typeof createGroups>

/**
 * All classic consumer groups of the broker with their committed offsets (Kafka's group coordinator). `properties` are
 * broker settings by Kafka's names (see group-settings.ts). Errors are values, with Kafka's names; a promise stays open
 * for as long as Kafka would leave the request unanswered.
 */
export function createGroups(clock: Clock, properties: Readonly<Record<string, string>> = {}) {
  const settings = groupSettings(properties)
  const groups = new Map<string, Group>()
  const retentionTimer = new Timer(clock)

  function create(groupId: string): Group {
    const group = new Group(groupId, clock, settings)
    groups.set(groupId, group)
    return group
  }

  function remove(group: Group): void {
    group.cancelTimers()
    groups.delete(group.id)
  }

  /** Drops old commits, and groups without members and commits: also those that never had any. */
  function cleanUp(): void {
    for (const group of groups.values()) {
      group.expireOffsets()
      if (group.state === 'Empty' && group.offsets.isEmpty) remove(group)
    }
    scheduleCleanUp()
  }

  function scheduleCleanUp(): void {
    retentionTimer.set(settings.offsetsRetentionCheckIntervalMs, cleanUp)
  }

  function refuseJoin(request: JoinRequest): ErrorName {
    const { groupId, memberId, sessionTimeoutMs } = request
    if (groupId === '') return 'INVALID_GROUP_ID'
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = settings
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return 'INVALID_SESSION_TIMEOUT'
    }
    return memberId !== '' && !groups.has(groupId) ? 'UNKNOWN_MEMBER_ID' : 'NONE'
  }

  scheduleCleanUp()

  return {
    /** Enters a group, or stays in it; only a request without member id creates the group. */
    async join(request: JoinRequest): Promise<JoinAnswer> {
      const refusal = refuseJoin(request)
      if (refusal !== 'NONE') return refusedJoin(refusal, request.memberId)
      return join(groups.get(request.groupId) ?? create(request.groupId), request)
    },

    /** Asks for the assignment of the generation; the leader brings everybody's. */
    async sync(request: SyncRequest): Promise<SyncAnswer> {
      if (request.groupId === '') return refusedSync('INVALID_GROUP_ID')
      const group = groups.get(request.groupId)
      return group ? sync(group, request) : refusedSync('UNKNOWN_MEMBER_ID')
    },

    /** A sign of life. It counts during a rebalance, too, though the answer then is to join again. */
    heartbeat(from: GenerationMember): ErrorName {
      if (from.groupId === '') return 'INVALID_GROUP_ID'
      const group = groups.get(from.groupId)
      if (!group) return 'UNKNOWN_MEMBER_ID'
      const member = group.identifyInGeneration(from)
      if (typeof member === 'string') return member
      keepAlive(group, member)
      return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
    },

    leave(groupId: string, members: MemberIdentity[]): { error: ErrorName; members: Leaving[] } {
      if (groupId === '') return { error: 'INVALID_GROUP_ID', members: [] }
      const group = groups.get(groupId)
      if (group) return { error: 'NONE', members: leave(group, members) }
      return { error: 'NONE', members: members.map((one) => ({ ...one, error: 'UNKNOWN_MEMBER_ID' })) }
    },

    /**
     * Whether this client may commit now; if so, `commit` stores each offset. A member may while the group prepares a
     * rebalance, which is how it commits what it has to give up. A client without generation may when nobody is in the
     * group, and creates the group: Kafka calls that a simple group. A commit renews the session.
     */
    admitCommit(from: GenerationMember): ErrorName {
      const { groupId, memberId, instanceId, generationId } = from
      const known = groups.get(groupId)
      if (!known && generationId >= 0) return 'ILLEGAL_GENERATION'
      const group = known ?? create(groupId)
      if (group.state === 'Empty' && generationId < 0) return 'NONE'
      if (generationId < 0 && memberId === '' && instanceId === null) return 'UNKNOWN_MEMBER_ID'
      const member = group.identifyInGeneration(from)
      if (typeof member === 'string') return member
      if (group.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS'
      keepAlive(group, member)
      return 'NONE'
    },

    commit(groupId: string, { topic, partition, retentionMs, ...commit }: NewCommit): ErrorName {
      const metadata = commit.metadata ?? ''
      if (metadata.length > settings.offsetMetadataMaxBytes) return 'OFFSET_METADATA_TOO_LARGE'
      const committedAt = clock.now()
      const expiresAt = retentionMs < 0 ? null : committedAt + retentionMs
      groups.get(groupId)?.offsets.set(topic, partition, { ...commit, metadata, committedAt, expiresAt })
      return 'NONE'
    },

    /** The committed offset of one partition; undefined when there is none. */
    committed(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
      return groups.get(groupId)?.offsets.get(topic, partition)
    },

    /** All committed offsets of a group, by topic and partition; nothing for a group that does not exist. */
    allCommitted(
      groupId: string,
    ): Iterable<[topic: string, partitions: ReadonlyMap<number, CommittedOffset>]> {
      return groups.get(groupId)?.offsets.topics() ?? []
    },

    /** Unknown groups are `Dead`, without an error. Protocol and subscriptions are shown in Stable only, as in Kafka. */
    describe(groupId: string): DescribedGroup {
      const group = groups.get(groupId)
      return group ? describe(group) : DEAD
    },

    list(): { groupId: string; protocolType: string; state: GroupState }[] {
      return [...groups.values()].map(({ id, protocolType, state }) => ({
        groupId: id,
        protocolType: protocolType ?? '',
        state,
      }))
    },

    /** Deletes an empty group with its commits. */
    delete(groupId: string): ErrorName {
      const group = groups.get(groupId)
      if (!group) return 'GROUP_ID_NOT_FOUND'
      if (group.state !== 'Empty') return 'NON_EMPTY_GROUP'
      remove(group)
      return 'NONE'
    },

    /** Whether commits of this group may be deleted (KIP-496); if so, `deleteOffset` does, one by one. */
    admitOffsetDelete(groupId: string): ErrorName {
      if (groupId === '') return 'INVALID_GROUP_ID'
      const group = groups.get(groupId)
      if (!group) return 'GROUP_ID_NOT_FOUND'
      return group.state === 'Empty' || group.isConsumerGroup ? 'NONE' : 'NON_EMPTY_GROUP'
    },

    deleteOffset(groupId: string, topic: string, partition: number): ErrorName {
      const group = groups.get(groupId)
      if (group?.isSubscribedTo(topic)) return 'GROUP_SUBSCRIBED_TO_TOPIC'
      group?.offsets.delete(topic, partition)
      return 'NONE'
    },

    /** To be called when a topic is deleted: its commits go with it. */
    topicDeleted(topic: string): void {
      for (const group of groups.values()) group.offsets.deleteTopic(topic)
    },

    /** Ends all timers; parked requests stay unanswered. */
    close(): void {
      retentionTimer.cancel()
      for (const group of groups.values()) group.cancelTimers()
    },
  }
}

function describe(group: Group): DescribedGroup {
  const isStable = group.state === 'Stable'
  return {
    state: group.state,
    protocolType: group.protocolType ?? '',
    protocolName: (isStable && group.protocolName) || '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.id,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: member.metadata(isStable ? group.protocolName : null),
      assignment: member.assignment,
    })),
  }
}
