import type { ErrorName } from '../protocol/error-codes.ts'
import type { Group } from './group.ts'
import type { Leaving, MemberIdentity } from './group-messages.ts'
import { rebalanceOrCompleteJoin, removeMember } from './group-rebalance.ts'

/** Takes members out at their own wish, or at an administrator's (KIP-345); each gets its own answer. */
export function leave(group: Group, members: MemberIdentity[]): Leaving[] {
  const leaving = members.map((identity) => ({ ...identity, error: takeOut(group, identity) }))
  if (leaving.some(({ error }) => error === 'NONE') && group.state !== 'Empty') rebalanceOrCompleteJoin(group)
  return leaving
}

function takeOut(group: Group, identity: MemberIdentity): ErrorName {
  if (group.pendingMembers.has(identity.memberId)) {
    group.remove(identity.memberId)
    return 'NONE'
  }
  const member = group.identify(nameStaticMember(group, identity))
  if (typeof member === 'string') return member
  removeMember(group, member)
  return 'NONE'
}

/** An administrator knows the instance id only. */
function nameStaticMember(group: Group, { memberId, instanceId }: MemberIdentity): MemberIdentity {
  const owner = memberId === '' && instanceId !== null ? group.staticMember(instanceId)?.id : undefined
  return { memberId: owner ?? memberId, instanceId }
}
