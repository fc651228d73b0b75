import { ListGroups } from '../../protocol/api/16-list-groups.ts'
import { handler } from '../handler.ts'

/** All groups of this broker are classic groups (KIP-848). */
const TYPE = 'classic'

/** The groups of this node; since all nodes share one state, of all nodes. States and types are chosen in any case. */
export const listGroups = handler(ListGroups, [0, 5], ({ statesFilter, typesFilter }, { state }) => {
  const groups = state.groups.list().map((group) => ({
    ...group,
    groupState: state.groups.describe(group.groupId).state,
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
