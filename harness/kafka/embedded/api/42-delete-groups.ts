import { DeleteGroups } from '../../protocol/api/42-delete-groups.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** Deletes groups that have no members, with their commits. */
export const deleteGroups = handler(DeleteGroups, [0, 2], (request, context) => ({
  throttleTimeMs: 0,
  results: request.groupsNames.map((groupId) => ({
    groupId,
    errorCode: errorCode(
      isCoordinator(context, groupId) ? context.state.groups.delete(groupId) : 'NOT_COORDINATOR',
    ),
  })),
}))
