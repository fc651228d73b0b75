import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { handler } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** All groups of this broker are classic groups (KIP-848). */
const TYPE = 'classic'

/** The groups that this node coordinates; clients ask every node. States and types are chosen in any case. */
export const listGroups = handler(ListGroups, [0, 5], ({ statesFilter, typesFilter }, context) => {
  const { groups: all } = context.state
  const own = all.list().filter(({ groupId }) => isCoordinator(context, groupId))
  const groups = own.map((group) => ({
    ...group,
    groupState: all.describe(group.groupId).state,
    groupType: TYPE,
  }))
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    groups: groups.filter(
      ({ groupState }) => isChosen(groupState, statesFilter) && isChosen(TYPE, typesFilter),
    ),
  }
})

/** An empty choice is all. */
function isChosen(word: string, choice: string[]): boolean {
  return choice.length === 0 || choice.some((one) => one.toLowerCase() === word.toLowerCase())
}
