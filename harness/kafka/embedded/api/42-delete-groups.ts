import { DeleteGroups } from '../../protocol/api/42-delete-groups.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'

/** Deletes groups that have no members, with their commits. */
export const deleteGroups = handler(DeleteGroups, [0, 1], (request, { state }) => ({
  throttleTimeMs: 0,
  results: request.groupsNames.map((groupId) => ({
    groupId,
    errorCode: errorCode(state.groups.delete(groupId)),
  })),
}))
