import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { handler } from '../handler.ts'

/** The groups of this node; since all nodes share one state, of all nodes. */
export const listGroups = handler(ListGroups, [0, 2], (_, { state }) => ({
  throttleTimeMs: 0,
  errorCode: 0,
  groups: state.groups.list(),
}))
