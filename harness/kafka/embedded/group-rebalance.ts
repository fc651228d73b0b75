import type { ErrorName } from '../protocol/error-codes.ts'
import type { Group } from './group.ts'
import type { Member } from './group-member.ts'
import { NO_BYTES, refusedJoin, refusedSync } from './group-messages.ts'

/*
 * How a group gets from one generation to the next (Kafka's GroupMetadataManager, classic part):
 *
 *   Empty or Stable -> PreparingRebalance    somebody came, left or changed; everybody has to join again
 *   -> CompletingRebalance                   all have joined or ran out of time; the leader shares out the partitions
 *   -> Stable                                the leader's assignment came (group-sync)
 */

/** Starts a rebalance; when one is on already, ends its join phase if this was what it waited for. */
export function rebalanceOrCompleteJoin(group: Group): void {
  if (group.state === 'PreparingRebalance') completeJoinIfEverybodyHas(group)
  else prepareRebalance(group)
}

function prepareRebalance(group: Group): void {
  if (group.state === 'CompletingRebalance') resetAssignments(group)
  group.pendingSync.clear()
  group.syncTimer.cancel()
  const isInitial = group.state === 'Empty'
  group.moveTo('PreparingRebalance')
  if (isInitial) delayInitialRebalance(group)
  else if (group.hasEverybodyJoined) completeJoin(group)
  else group.joinTimer.set(group.rebalanceTimeoutMs, () => completeJoin(group))
}

/** Who waits for an assignment has to join again instead. */
function resetAssignments(group: Group): void {
  for (const member of group.members.values()) member.assignment = NO_BYTES
  answerSyncs(group, 'REBALANCE_IN_PROGRESS')
}

/** The first members of a group tend to come together, so the first join phase waits for more of them (KIP-134). */
function delayInitialRebalance(group: Group): void {
  const step = group.settings.initialRebalanceDelayMs
  const wait = (delayMs: number, remainingMs: number) => {
    group.joinTimer.set(delayMs, () => {
      if (group.newMemberAdded && remainingMs > 0) {
        group.newMemberAdded = false
        wait(Math.min(step, remainingMs), Math.max(remainingMs - delayMs, 0))
      } else completeJoin(group)
    })
  }
  wait(step, Math.max(group.rebalanceTimeoutMs - step, 0))
}

/** The initial rebalance always takes its time, even when everybody is there. */
function completeJoinIfEverybodyHas(group: Group): void {
  if (group.hasEverybodyJoined && !group.isInitialRebalance) completeJoin(group)
}

/** Ends the join phase: dynamic members that did not come lose their place, static ones keep it (KIP-345). */
function completeJoin(group: Group): void {
  group.joinTimer.cancel()
  for (const member of group.members.values()) {
    if (!member.awaitsJoin && !member.isStatic) group.remove(member.id)
  }
  if (group.members.size > 0 && !group.electJoinedLeader()) {
    // Only static members, and none came: wait on, until one does or their sessions end.
    group.joinTimer.set(group.rebalanceTimeoutMs, () => completeJoin(group))
    return
  }
  group.startGeneration()
  for (const member of group.members.values()) welcome(group, member)
  if (group.members.size > 0) group.syncTimer.set(group.rebalanceTimeoutMs, () => removeWithoutSync(group))
}

function welcome(group: Group, member: Member): void {
  member.answerJoin(group.joinAnswer(member.id))
  member.isNew = false
  keepAlive(group, member)
  group.pendingSync.add(member.id)
}

/** Members that joined and never ask for their assignment lose their place. */
function removeWithoutSync(group: Group): void {
  if (group.pendingSync.size === 0) return
  for (const memberId of group.pendingSync) group.remove(memberId)
  prepareRebalance(group)
}

/** Answers all parked syncs: with each member's assignment, or with an error. */
export function answerSyncs(group: Group, error: ErrorName): void {
  for (const member of group.members.values()) {
    const answer = error === 'NONE' ? { error, assignment: member.assignment } : refusedSync(error)
    // While it was parked the session did not count, so it starts anew.
    if (member.answerSync(answer)) keepAlive(group, member)
  }
}

/** Starts the member's session anew: unless it is heard of within the time, it loses its place. */
export function keepAlive(group: Group, member: Member, timeoutMs = member.sessionTimeoutMs): void {
  member.session.set(timeoutMs, () => {
    if (!member.isExcusedFromHeartbeats) expire(group, member)
  })
}

function expire(group: Group, member: Member): void {
  removeMember(group, member)
  if (group.state === 'PreparingRebalance') completeJoinIfNobodyIsMissing(group)
  else prepareRebalance(group)
}

/** Takes a member out. If it waits in a join it is told so, and may try again if it is alive after all. */
export function removeMember(group: Group, member: Member): void {
  member.answerJoin(refusedJoin('UNKNOWN_MEMBER_ID', ''))
  group.remove(member.id)
}

/**
 * The group got another coordinator: whoever waits is sent to look for it, and who never got an id is forgotten. Sessions
 * start anew. A join phase or a wait for assignments goes on.
 */
export function moveToCoordinator(group: Group): void {
  for (const memberId of [...group.pendingMembers.keys()]) group.remove(memberId)
  for (const member of [...group.members.values()]) {
    member.answerJoin(refusedJoin('NOT_COORDINATOR', ''))
    member.answerSync(refusedSync('NOT_COORDINATOR'))
    if (member.isNew) group.remove(member.id)
    else keepAlive(group, member)
  }
}

/** After an expiry Kafka does not spare the initial rebalance: it ends when nobody is missing any more. */
export function completeJoinIfNobodyIsMissing(group: Group): void {
  if (group.state === 'PreparingRebalance' && group.hasEverybodyJoined) completeJoin(group)
}
