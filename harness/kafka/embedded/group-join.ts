import { randomUUID } from 'node:crypto'
import type { Group } from './group.ts'
import { Member } from './group-member.ts'
import { type JoinAnswer, type JoinRequest, refusedJoin, refusedSync } from './group-messages.ts'
import { completeJoinIfNobodyIsMissing, keepAlive, rebalanceOrCompleteJoin } from './group-rebalance.ts'
import { Timer } from './timer.ts'

/** At once, or when the join phase ends. */
type Joined = JoinAnswer | Promise<JoinAnswer>

/** A new member does not know its id yet, so it cannot send heartbeats: its first join may be parked that long. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60_000

/** Answers a JoinGroup, at once or when the join phase ends. The order of the checks is Kafka's. */
export function join(group: Group, request: JoinRequest): Joined {
  const { memberId, protocolType, protocols } = request
  if (!hasRoomFor(group, memberId)) {
    group.remove(memberId)
    return refusedJoin('GROUP_MAX_SIZE_REACHED', '')
  }
  if (!group.supports(protocolType, protocols)) {
    return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', memberId)
  }
  if (memberId === '') return joinAsStranger(group, request)
  return group.pendingMembers.has(memberId) ? joinAsPending(group, request) : joinAgain(group, request)
}

/**
 * While members join again, those that wait already are counted, so that the last to come are the ones left out when
 * `group.max.size` was exceeded (KIP-389).
 */
function hasRoomFor(group: Group, memberId: string): boolean {
  const { maxSize } = group.settings
  const member = group.members.get(memberId)
  if (group.state === 'Empty') return true
  if (group.state === 'PreparingRebalance') return member?.awaitsJoin || group.membersAwaitingJoin < maxSize
  return member !== undefined || group.members.size < maxSize
}

function joinAsStranger(group: Group, request: JoinRequest): Joined {
  const memberId = `${request.instanceId ?? request.clientId}-${randomUUID()}`
  const old = request.instanceId === null ? undefined : group.staticMember(request.instanceId)
  if (old) return takeOver(group, old, memberId, request)
  if (request.instanceId === null && request.memberIdRequired) {
    addPending(group, memberId, request.sessionTimeoutMs)
    return refusedJoin('MEMBER_ID_REQUIRED', memberId)
  }
  return addMember(group, memberId, request)
}

/** KIP-394: a stranger gets an id first, so that a client which tries again and again does not fill the group. */
function addPending(group: Group, memberId: string, sessionTimeoutMs: number): void {
  const session = new Timer(group.clock)
  group.pendingMembers.set(memberId, session)
  session.set(sessionTimeoutMs, () => {
    group.remove(memberId)
    completeJoinIfNobodyIsMissing(group)
  })
}

function joinAsPending(group: Group, request: JoinRequest): Joined {
  // Static members never are pending; Kafka answers with an IllegalStateException here.
  if (request.instanceId !== null) return refusedJoin('UNKNOWN_SERVER_ERROR', '')
  return addMember(group, request.memberId, request)
}

function addMember(group: Group, memberId: string, request: JoinRequest): Joined {
  const member = new Member(memberId, request, group.clock)
  if (group.isInitialRebalance) group.newMemberAdded = true
  const answer = member.parkJoin()
  group.add(member, request.protocolType)
  keepAlive(group, member, NEW_MEMBER_JOIN_TIMEOUT_MS)
  rebalanceOrCompleteJoin(group)
  return answer
}

function joinAgain(group: Group, request: JoinRequest): Joined {
  const member = group.identify(request)
  if (typeof member === 'string') return refusedJoin(member, request.memberId)
  // Perhaps it missed our first answer, or it wants nothing but its assignment again.
  if (!bringsNews(group, member, request)) return group.joinAnswer(member.id)
  member.update(request)
  const answer = member.parkJoin()
  rebalanceOrCompleteJoin(group)
  return answer
}

/** The leader of a stable group may start a rebalance for a reason that only it sees, such as new partitions. */
function bringsNews(group: Group, member: Member, request: JoinRequest): boolean {
  if (group.state === 'PreparingRebalance') return true
  if (group.state === 'Stable' && group.leaderId === member.id) return true
  return !member.matches(request.protocols)
}

/** A static member comes back under a new id (KIP-345): whoever still uses the old id is fenced. */
function takeOver(group: Group, old: Member, memberId: string, request: JoinRequest): Joined {
  const leaderBefore = group.leaderId ?? ''
  old.answerJoin(refusedJoin('FENCED_INSTANCE_ID', old.id))
  old.answerSync(refusedSync('FENCED_INSTANCE_ID'))
  const { clientId, clientHost } = old
  const member = new Member(memberId, { ...request, clientId, clientHost }, group.clock)
  member.assignment = old.assignment
  member.isNew = false
  group.replace(old, member)
  keepAlive(group, member, old.sessionTimeoutMs)
  if (group.state === 'Stable' && group.protocolName === group.selectProtocol()) {
    // No rebalance. Naming the old leader, and no members, keeps a returning leader from sharing out anew.
    return { ...group.joinAnswer(memberId), leaderId: leaderBefore, members: [] }
  }
  const answer = member.parkJoin()
  rebalanceOrCompleteJoin(group)
  return answer
}
