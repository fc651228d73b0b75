import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** From this version on a stranger is sent away once, to come back with the id that it was given (KIP-394). */
const MEMBER_ID_REQUIRED_FROM = 4

/** A member enters its group, or enters again for a rebalance. Parked until the join phase ends. */
export const joinGroup = handler(JoinGroup, [2, 6], async (request, context) => {
  const joining = {
    groupId: request.groupId,
    memberId: request.memberId,
    instanceId: request.groupInstanceId,
    clientId: context.clientId,
    clientHost: context.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocolType: request.protocolType,
    protocols: request.protocols,
    memberIdRequired: context.apiVersion >= MEMBER_ID_REQUIRED_FROM,
  }
  const answer = await context.state.groups.join(joining, isCoordinator(context, request.groupId))
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(answer.error),
    generationId: answer.generationId,
    protocolName: answer.protocolName,
    leader: answer.leaderId,
    memberId: answer.memberId,
    members: answer.members.map(({ memberId, instanceId, metadata }) => ({
      memberId,
      groupInstanceId: instanceId,
      metadata,
    })),
  }
})
