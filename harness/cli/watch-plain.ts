import type { Look } from '../report/style.ts'
import type { WatchState } from '../run/watch.ts'
import { besideVerdict, bodyOf, statusOf, type WatchSurroundings } from '../run/watch-view.ts'

/** Watch mode from top to bottom: prints what is new in a state, and moves no cursor. For screen readers and logs. */
export function plainWatch(
  print: (lines: string[]) => void,
): (state: WatchState, surroundings: WatchSurroundings, look: Look) => void {
  let before: WatchState | null = null
  let saidLast = ''
  return (state, surroundings, look) => {
    const lines: string[] = []
    if (state.at !== before?.at) {
      const { name = '', title = '' } = state.exercises[state.at] ?? {}
      lines.push('', `${name}  ${title}`, surroundings.place, ...pathLines(state))
    }
    if (isNews(state, before)) lines.push(...bodyOf(state, surroundings, look))
    else if (state.list && state.list.at !== before?.list?.at)
      lines.push(bodyOf(state, surroundings, look)[state.list.at + 2] ?? '')
    else if (state.typeErrors.length > 0 && state.typeErrors !== before?.typeErrors)
      lines.push(...besideVerdict(state, look))
    const status = statusOf(state, null)
    if (status !== saidLast) lines.push(status)
    saidLast = status
    before = state
    if (lines.length > 0) print(lines)
  }
}

function pathLines({ path }: WatchState): string[] {
  return path ? [`path: ${path.name}`] : []
}

/** A verdict, a page, a list that has opened or has been searched. */
function isNews(state: WatchState, before: WatchState | null): boolean {
  if (state.list) return state.list.filter !== before?.list?.filter
  if (state.page) return state.page !== before?.page
  return state.result !== null && state.result !== before?.result
}
