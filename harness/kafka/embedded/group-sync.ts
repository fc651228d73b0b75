import type { Group } from './group.ts'
import type { Member } from './group-member.ts'
import { NO_BYTES, refusedSync, type SyncAnswer, type SyncRequest } from './group-messages.ts'
import { answerSyncs } from './group-rebalance.ts'

/** Answers a SyncGroup: at once in a stable group, else when the leader's assignment has come. */
export function sync(group: Group, request: SyncRequest): SyncAnswer | Promise<SyncAnswer> {
  const member = group.identifyInGeneration(request)
  if (typeof member === 'string') return refusedSync(member)
  if (group.state === 'PreparingRebalance') return refusedSync('REBALANCE_IN_PROGRESS')
  forgetPendingSync(group, member)
  if (group.state === 'Stable') return { error: 'NONE', assignment: member.assignment }
  const answer = member.parkSync()
  if (group.leaderId === member.id) assign(group, request.assignments)
  return answer
}

function forgetPendingSync(group: Group, member: Member): void {
  group.pendingSync.delete(member.id)
  if (group.pendingSync.size === 0) group.syncTimer.cancel()
}

/** Whom the leader left out gets empty bytes: a member without partitions. */
function assign(group: Group, assignments: SyncRequest['assignments']): void {
  const byMember = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]))
  for (const member of group.members.values()) member.assignment = byMember.get(member.id) ?? NO_BYTES
  answerSyncs(group, 'NONE')
  group.moveTo('Stable')
}
