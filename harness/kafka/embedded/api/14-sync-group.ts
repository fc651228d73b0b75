import { SyncGroup } from '../../protocol/api/14-sync-group.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'

/** A member asks for its partitions; the leader brings everybody's. Parked until the leader has come. */
export const syncGroup = handler(SyncGroup, [0, 3], async (request, { state }) => {
  const { error, assignment } = await state.groups.sync({ ...request, instanceId: request.groupInstanceId })
  return { throttleTimeMs: 0, errorCode: errorCode(error), assignment }
})
