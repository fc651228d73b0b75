import { LeaveGroup } from '../../protocol/api/13-leave-group.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** From this version on several members may leave in one request, each with its own answer (KIP-345). */
const SEVERAL_MEMBERS_FROM = 3

export const leaveGroup = handler(LeaveGroup, [0, 4], (request, context) => {
  const { state, apiVersion } = context
  if (!isCoordinator(context, request.groupId)) {
    return { throttleTimeMs: 0, errorCode: errorCode('NOT_COORDINATOR'), members: [] }
  }
  const several = apiVersion >= SEVERAL_MEMBERS_FROM
  const leaving = several ? request.members : [{ memberId: request.memberId, groupInstanceId: null }]
  const { error, members } = state.groups.leave(
    request.groupId,
    leaving.map(({ memberId, groupInstanceId }) => ({ memberId, instanceId: groupInstanceId })),
  )
  const single = several || error !== 'NONE' ? error : (members[0]?.error ?? 'NONE')
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(single),
    members: members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      errorCode: errorCode(member.error),
    })),
  }
})
