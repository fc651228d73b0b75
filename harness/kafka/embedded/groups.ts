import type { Marker } from '../protocol/control-batch.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { Clock } from './clock.ts'
import type { Settings } from './config-definition.ts'
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
import { keepAlive, moveToCoordinator } from './group-rebalance.ts'
import { type GroupSettings, groupSettings } from './group-settings.ts'
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

/**
 * All classic consumer groups of the broker with their committed offsets (Kafka's group coordinator). Errors are values,
 * with Kafka's names; a promise stays open for as long as Kafka would leave the request unanswered.
 */
export class Groups {
  readonly #clock: Clock
  readonly #settings: GroupSettings
  readonly #groups = new Map<string, Group>()
  readonly #retentionTimer: Timer
  #commits = 0

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock
    this.#settings = groupSettings(settings)
    this.#retentionTimer = new Timer(clock)
    this.#scheduleCleanUp()
  }

  /**
   * Enters a group, or stays in it; only a request without member id creates the group. Kafka looks at the request before
   * it looks whether the node that was asked is the group's coordinator.
   */
  async join(request: JoinRequest, isCoordinator = true): Promise<JoinAnswer> {
    const refusal = this.#refuseJoin(request, isCoordinator)
    if (refusal === 'NOT_COORDINATOR') return refusedJoin(refusal, '')
    if (refusal !== 'NONE') return refusedJoin(refusal, request.memberId)
    return join(this.#groups.get(request.groupId) ?? this.#create(request.groupId), request)
  }

  /** Asks for the assignment of the generation; the leader brings everybody's. */
  async sync(request: SyncRequest): Promise<SyncAnswer> {
    if (request.groupId === '') return refusedSync('INVALID_GROUP_ID')
    const group = this.#groups.get(request.groupId)
    return group ? sync(group, request) : refusedSync('UNKNOWN_MEMBER_ID')
  }

  /** A sign of life. It counts during a rebalance, too, though the answer then is to join again. */
  heartbeat(from: GenerationMember): ErrorName {
    if (from.groupId === '') return 'INVALID_GROUP_ID'
    const group = this.#groups.get(from.groupId)
    if (!group) return 'UNKNOWN_MEMBER_ID'
    const member = group.identifyInGeneration(from)
    if (typeof member === 'string') return member
    keepAlive(group, member)
    return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  }

  /** Takes members out of the group; each has its own error, the group one only without a group id. */
  leave(groupId: string, members: MemberIdentity[]): { error: ErrorName; members: Leaving[] } {
    if (groupId === '') return { error: 'INVALID_GROUP_ID', members: [] }
    const group = this.#groups.get(groupId)
    if (group) return { error: 'NONE', members: leave(group, members) }
    return { error: 'NONE', members: members.map((one) => ({ ...one, error: 'UNKNOWN_MEMBER_ID' })) }
  }

  /**
   * Whether this client may commit now; if so, `commit` stores each offset. A member may while the group prepares a
   * rebalance, which is how it commits what it has to give up. A client without generation may when nobody is in the
   * group, and creates the group: Kafka calls that a simple group. A commit renews the session.
   */
  admitCommit(from: GenerationMember): ErrorName {
    const group = this.#groupToCommit(from)
    if (!group) return 'ILLEGAL_GENERATION'
    if (group.state === 'Empty' && from.generationId < 0) return 'NONE'
    if (isNobody(from)) return 'UNKNOWN_MEMBER_ID'
    const member = group.identifyInGeneration(from)
    if (typeof member === 'string') return member
    if (group.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS'
    keepAlive(group, member)
    return 'NONE'
  }

  /**
   * Whether a transaction may commit offsets of this group. A producer that names the member it works for is fenced when
   * that member has lost its place (KIP-447); one that names none, as all did before TxnOffsetCommit 3, may commit at any
   * time. It is no sign of life of the member (GroupMetadataManager.validateTransactionalOffsetCommit).
   */
  admitTransactionalCommit(from: GenerationMember): ErrorName {
    if (from.groupId === '') return 'INVALID_GROUP_ID'
    const group = this.#groupToCommit(from)
    if (!group) return 'ILLEGAL_GENERATION'
    if (isNobody(from) || (group.state === 'Empty' && from.generationId < 0)) return 'NONE'
    const member = group.identifyInGeneration(from)
    return typeof member === 'string' ? member : 'NONE'
  }

  /** Whether a transaction may still change the offset of this partition. */
  hasPendingCommit(groupId: string, topic: string, partition: number): boolean {
    return this.#groups.get(groupId)?.offsets.isPending(topic, partition) ?? false
  }

  /**
   * Stores one offset of a group that has let the commit in; that of a transaction, named by its producer id, is kept
   * back until the end.
   */
  commit(groupId: string, given: NewCommit, producerId: bigint | null = null): ErrorName {
    const { topic, partition, retentionMs, ...commit } = given
    const metadata = commit.metadata ?? ''
    if (metadata.length > this.#settings.offsetMetadataMaxBytes) return 'OFFSET_METADATA_TOO_LARGE'
    const committedAt = this.#clock.now()
    const expiresAt = retentionMs < 0 ? null : committedAt + retentionMs
    this.#commits += 1
    const committed = { ...commit, metadata, committedAt, expiresAt, order: this.#commits }
    const offsets = this.#groups.get(groupId)?.offsets
    if (producerId === null) offsets?.set(topic, partition, committed)
    else offsets?.setPending(producerId, topic, partition, committed)
    return 'NONE'
  }

  /** To be called when a transaction ends: its commits of this group count now, or are dropped. */
  endTransaction(groupId: string, producerId: bigint, marker: Marker): void {
    this.#groups.get(groupId)?.offsets.endTransaction(producerId, marker)
  }

  /** The committed offset of one partition; undefined when there is none. */
  committed(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.offsets.get(topic, partition)
  }

  /** All committed offsets of a group, by topic and partition; nothing for a group that does not exist. */
  allCommitted(groupId: string): Iterable<[topic: string, partitions: ReadonlyMap<number, CommittedOffset>]> {
    return this.#groups.get(groupId)?.offsets.topics() ?? []
  }

  /** Unknown groups are `Dead`, without an error. Protocol and subscriptions are shown in Stable only, as in Kafka. */
  describe(groupId: string): DescribedGroup {
    const group = this.#groups.get(groupId)
    return group ? describe(group) : DEAD
  }

  list(): { groupId: string; protocolType: string }[] {
    return [...this.#groups.values()].map(({ id, protocolType }) => ({
      groupId: id,
      protocolType: protocolType ?? '',
    }))
  }

  /** Deletes an empty group with its commits. */
  delete(groupId: string): ErrorName {
    const group = this.#groups.get(groupId)
    if (!group) return 'GROUP_ID_NOT_FOUND'
    if (group.state !== 'Empty') return 'NON_EMPTY_GROUP'
    this.#remove(group)
    return 'NONE'
  }

  /** Whether commits of this group may be deleted (KIP-496); if so, `deleteOffset` does, one by one. */
  admitOffsetDelete(groupId: string): ErrorName {
    if (groupId === '') return 'INVALID_GROUP_ID'
    const group = this.#groups.get(groupId)
    if (!group) return 'GROUP_ID_NOT_FOUND'
    return group.state === 'Empty' || group.isConsumerGroup ? 'NONE' : 'NON_EMPTY_GROUP'
  }

  deleteOffset(groupId: string, topic: string, partition: number): ErrorName {
    const group = this.#groups.get(groupId)
    if (group?.isSubscribedTo(topic)) return 'GROUP_SUBSCRIBED_TO_TOPIC'
    group?.offsets.delete(topic, partition)
    return 'NONE'
  }

  /** To be called when another node became the coordinator of a group. */
  moved(groupId: string): void {
    const group = this.#groups.get(groupId)
    if (group) moveToCoordinator(group)
  }

  /** To be called when a topic is deleted: its commits go with it. */
  topicDeleted(topic: string): void {
    for (const group of this.#groups.values()) group.offsets.deleteTopic(topic)
  }

  /** Ends all timers; parked requests stay unanswered. */
  close(): void {
    this.#retentionTimer.cancel()
    for (const group of this.#groups.values()) group.cancelTimers()
  }

  /** Created for a client outside of group management; undefined when a member names a group that is not there. */
  #groupToCommit({ groupId, generationId }: GenerationMember): Group | undefined {
    const known = this.#groups.get(groupId)
    return known || generationId >= 0 ? known : this.#create(groupId)
  }

  #create(groupId: string): Group {
    const group = new Group(groupId, this.#clock, this.#settings)
    this.#groups.set(groupId, group)
    return group
  }

  #remove(group: Group): void {
    group.cancelTimers()
    this.#groups.delete(group.id)
  }

  #refuseJoin({ groupId, memberId, sessionTimeoutMs }: JoinRequest, isCoordinator: boolean): ErrorName {
    if (groupId === '') return 'INVALID_GROUP_ID'
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#settings
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return 'INVALID_SESSION_TIMEOUT'
    }
    if (!isCoordinator) return 'NOT_COORDINATOR'
    return memberId !== '' && !this.#groups.has(groupId) ? 'UNKNOWN_MEMBER_ID' : 'NONE'
  }

  #scheduleCleanUp(): void {
    this.#retentionTimer.set(this.#settings.offsetsRetentionCheckIntervalMs, () => this.#cleanUp())
  }

  /** Drops old commits, and groups without members and commits: also those that never had any. */
  #cleanUp(): void {
    for (const group of this.#groups.values()) {
      group.expireOffsets()
      if (group.state === 'Empty' && group.offsets.isEmpty) this.#remove(group)
    }
    this.#scheduleCleanUp()
  }
}

/** A client that speaks for no member. */
function isNobody({ memberId, instanceId, generationId }: GenerationMember): boolean {
  return generationId < 0 && memberId === '' && instanceId === null
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
