import { Heartbeat } from '../../protocol/api/12-heartbeat.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** A member's sign of life; the answer tells it when it has to join again. */
export const heartbeat = handler(Heartbeat, [0, 4], (request, context) => {
  const error = isCoordinator(context, request.groupId)
    ? context.state.groups.heartbeat({ ...request, instanceId: request.groupInstanceId })
    : 'NOT_COORDINATOR'
  return { throttleTimeMs: 0, errorCode: errorCode(error) }
})
