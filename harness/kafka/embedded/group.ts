import { subscribedTopics } from '../protocol/consumer-protocol.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { Clock } from './clock.ts'
import type { Member } from './group-member.ts'
import type { GenerationMember, GroupProtocol, JoinAnswer, MemberIdentity } from './group-messages.ts'
import type { GroupSettings } from './group-settings.ts'
import { javaHash } from './java-hash.ts'
import { Offsets } from './offsets.ts'
import { Timer } from './timer.ts'

/** Kafka's names, as DescribeGroups shows them. A group that is gone is described as `Dead`. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

/** The protocol type of consumers; Kafka Connect, for instance, uses groups with another one. */
const CONSUMER = 'consumer'

/**
 * One classic consumer group: who is in it, and the rules about them (Kafka's ClassicGroup). It never acts by itself:
 * group-join, group-sync, group-leave and group-rebalance move it.
 */
export class Group {
  readonly id: string
  readonly clock: Clock
  readonly settings: GroupSettings
  readonly offsets = new Offsets()
  readonly members = new Map<string, Member>()
  /** Ids that were given out and not used yet (KIP-394), with their session timers. */
  readonly pendingMembers = new Map<string, Timer>()
  /** Members of this generation that have not asked for their assignment yet. */
  readonly pendingSync = new Set<string>()
  readonly joinTimer: Timer
  readonly syncTimer: Timer
  generationId = 0
  protocolType: string | null = null
  protocolName: string | null = null
  leaderId: string | null = null
  /** True when the initial rebalance may wait a little longer. */
  newMemberAdded = false
  #state: GroupState = 'Empty'
  #previousState: GroupState | null = null
  #stateSince: number
  #subscribedTopics: Set<string> | null = null

  constructor(id: string, clock: Clock, settings: GroupSettings) {
    this.id = id
    this.clock = clock
    this.settings = settings
    this.joinTimer = new Timer(clock)
    this.syncTimer = new Timer(clock)
    this.#stateSince = clock.now()
  }

  get state(): GroupState {
    return this.#state
  }

  /** True while a group that was empty waits for its first members. */
  get isInitialRebalance(): boolean {
    return this.#state === 'PreparingRebalance' && this.#previousState === 'Empty'
  }

  moveTo(state: GroupState): void {
    this.#previousState = this.#state
    this.#state = state
    this.#stateSince = this.clock.now()
  }

  /** The longest time that a member wants to have for joining again, in milliseconds. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs))
  }

  get membersAwaitingJoin(): number {
    return [...this.members.values()].filter((member) => member.awaitsJoin).length
  }

  get hasEverybodyJoined(): boolean {
    return this.pendingMembers.size === 0 && this.membersAwaitingJoin === this.members.size
  }

  add(member: Member, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType
    this.leaderId ??= member.id
    this.members.set(member.id, member)
    this.#dropPending(member.id)
  }

  /** Forgets a member or a pending member. Its parked requests are the caller's affair. */
  remove(memberId: string): void {
    this.members.get(memberId)?.session.cancel()
    this.members.delete(memberId)
    this.#dropPending(memberId)
    this.pendingSync.delete(memberId)
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null
  }

  #dropPending(memberId: string): void {
    this.pendingMembers.get(memberId)?.cancel()
    this.pendingMembers.delete(memberId)
  }

  /** Puts a member in the place of another one, leadership included. */
  replace(old: Member, by: Member): void {
    const wasLeader = this.leaderId === old.id
    this.remove(old.id)
    this.members.set(by.id, by)
    if (wasLeader) this.leaderId = by.id
  }

  staticMember(instanceId: string): Member | undefined {
    return [...this.members.values()].find((member) => member.instanceId === instanceId)
  }

  /** Makes sure that the leader is a member that has joined; false when nobody has. */
  electJoinedLeader(): boolean {
    const leader = this.members.get(this.leaderId ?? '')
    if (leader?.awaitsJoin) return true
    const joined = [...this.members.values()].find((member) => member.awaitsJoin)
    if (joined) this.leaderId = joined.id
    return joined !== undefined
  }

  /** True when a joining member can talk with everybody else: same type, and one protocol that all speak. */
  supports(protocolType: string, protocols: GroupProtocol[]): boolean {
    if (this.#state === 'Empty') return protocolType !== '' && protocols.length > 0
    return this.protocolType === protocolType && protocols.some(({ name }) => this.#isSpokenByAll(name))
  }

  #isSpokenByAll(protocol: string): boolean {
    return [...this.members.values()].every(({ protocols }) =>
      protocols.some(({ name }) => name === protocol),
    )
  }

  /** Each member votes for the first of its protocols that all speak; most votes win. */
  selectProtocol(): string {
    const votes = new Map<string, number>()
    for (const { protocols } of this.members.values()) {
      const choice = protocols.find(({ name }) => this.#isSpokenByAll(name))
      if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
    }
    const [winner] = [...votes].sort((one, other) => other[1] - one[1] || compareInJava(one[0], other[0]))
    return winner?.[0] ?? ''
  }

  /** The end of the join phase: a new generation, waiting for its assignment, or Empty when nobody is left. */
  startGeneration(): void {
    this.generationId++
    this.pendingSync.clear()
    this.protocolName = this.members.size > 0 ? this.selectProtocol() : null
    this.#subscribedTopics = this.#collectSubscribedTopics()
    this.moveTo(this.members.size > 0 ? 'CompletingRebalance' : 'Empty')
  }

  #collectSubscribedTopics(): Set<string> | null {
    if (this.protocolType !== CONSUMER) return null
    const topics = [...this.members.values()].map((member) =>
      subscribedTopics(member.metadata(this.protocolName)),
    )
    return topics.includes(null) ? null : new Set(topics.flatMap((names) => names ?? []))
  }

  /** What a member is told about the present generation; only the leader hears of the others. */
  joinAnswer(memberId: string): JoinAnswer {
    const members = memberId === this.leaderId ? [...this.members.values()] : []
    return {
      error: 'NONE',
      memberId,
      generationId: this.generationId,
      protocolName: this.protocolName ?? '',
      leaderId: this.leaderId ?? '',
      members: members.map((member) => ({
        memberId: member.id,
        instanceId: member.instanceId,
        metadata: member.metadata(this.protocolName),
      })),
    }
  }

  /** The member that speaks, or why it may not: a static member under an older id is fenced (KIP-345). */
  identify({ memberId, instanceId }: MemberIdentity): Member | ErrorName {
    const owner = instanceId === null ? undefined : this.staticMember(instanceId)
    if (instanceId !== null && owner === undefined) return 'UNKNOWN_MEMBER_ID'
    if (owner !== undefined && owner.id !== memberId) return 'FENCED_INSTANCE_ID'
    return this.members.get(memberId) ?? 'UNKNOWN_MEMBER_ID'
  }

  /** As `identify`, for a member that also names its generation. */
  identifyInGeneration(from: GenerationMember): Member | ErrorName {
    const member = this.identify(from)
    if (typeof member === 'string') return member
    return from.generationId === this.generationId ? member : 'ILLEGAL_GENERATION'
  }

  /** Whether an offset of this topic is in use by a running group (KIP-496). */
  isSubscribedTo(topic: string): boolean {
    return this.#subscribedTopics?.has(topic) ?? this.isConsumerGroup
  }

  get isConsumerGroup(): boolean {
    return this.protocolType === CONSUMER
  }

  /**
   * Forgets old commits (ClassicGroup.offsetExpirationCondition): in an Empty group those older than the retention,
   * counted from the moment it became Empty; in a Stable one those of topics that nobody subscribes to any more; in a
   * simple group, which never had members, each by its own age.
   */
  expireOffsets(): void {
    const isSimple = this.protocolType === null
    const mayExpire =
      isSimple || this.#state === 'Empty' || (this.#state === 'Stable' && this.#subscribedTopics !== null)
    if (!mayExpire) return
    const now = this.clock.now()
    this.offsets.expire((topic, { committedAt, expiresAt }) => {
      if (this.isSubscribedTo(topic)) return false
      if (expiresAt !== null) return now >= expiresAt
      const since = !isSimple && this.#state === 'Empty' ? this.#stateSince : committedAt
      return now - since >= this.settings.offsetsRetentionMs
    })
  }

  cancelTimers(): void {
    this.joinTimer.cancel()
    this.syncTimer.cancel()
    for (const member of this.members.values()) member.session.cancel()
    for (const session of this.pendingMembers.values()) session.cancel()
  }
}

/** On a draw Kafka takes what a Java HashMap yields first: the name whose hash has the lower last bits. */
function compareInJava(one: string, other: string): number {
  return bucketInJava(one) - bucketInJava(other)
}

/** Bucket of a string in a HashMap of the usual 16 (HashMap.hash). */
function bucketInJava(text: string): number {
  const hash = javaHash(text)
  return (hash ^ (hash >>> 16)) & 15
}
