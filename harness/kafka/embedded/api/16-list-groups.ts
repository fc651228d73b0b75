import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** The groups that this node coordinates; clients ask every node. */
export const listGroups = handler(ListGroups, [0, 2], (_, context) => ({
  throttleTimeMs: 0,
  errorCode: 0,
  groups: context.state.groups.list().filter(({ groupId }) => isCoordinator(context, groupId)),
}))
