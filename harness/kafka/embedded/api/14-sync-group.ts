import { SyncGroup } from '../../protocol/api/14-sync-group.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { refusedSync } from '../group-messages.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** A member asks for its partitions; the leader brings everybody's. Parked until the leader has come. */
export const syncGroup = handler(SyncGroup, [0, 4], async (request, context) => {
  const { error, assignment } = isCoordinator(context, request.groupId)
    ? await context.state.groups.sync({ ...request, instanceId: request.groupInstanceId })
    : refusedSync('NOT_COORDINATOR')
  return { throttleTimeMs: 0, errorCode: errorCode(error), assignment }
})
