import { JoinGroup } from '../../protocol/api/11-join-group.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { type JoinAnswer, refusedJoin } from '../group-messages.ts'
import { handler, type RequestContext } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** From this version on a stranger is sent away once, to come back with the id that it was given (KIP-394). */
const MEMBER_ID_REQUIRED_FROM = 4

/** A member enters its group, or enters again for a rebalance. Parked until the join phase ends. */
export const joinGroup = handler(JoinGroup, [2, 5], async (request, context) => {
  const answer = await join(request, context)
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

async function join(request: RequestOf<typeof JoinGroup>, context: RequestContext): Promise<JoinAnswer> {
  if (!isCoordinator(context, request.groupId)) return refusedJoin('NOT_COORDINATOR', '')
  return context.state.groups.join({
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
  })
}
