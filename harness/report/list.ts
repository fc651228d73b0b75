import { type Look, paint, wrap } from './style.ts'

/** How far a learner is with an exercise; `new` is one that was never judged. */
export type ListedState = 'passed' | 'failed' | 'not written' | 'new'

/** One exercise of a list. */
export interface ListRow {
  number: string
  title: string
  kind: string
  minutes: number
  state: ListedState
  /** `solution` when the learner's file holds the shipped one for now. */
  holds: 'own' | 'solution'
  /** Names of the paths that it is on. */
  paths: string[]
}

const FORMATS = { passed: 'green', failed: 'red', 'not written': 'yellow', new: 'dim' } as const
const SIGNS = { passed: '✓', failed: '✗', 'not written': '·', new: ' ' }
/** Below that, the columns of a row stand under its title. */
const LEAST_TITLE = 24

/** A line for each exercise, in columns where there is room for them; the paths are the first to go. */
export function listLines(rows: readonly ListRow[], look: Look): string[] {
  const columns = rows.map(columnsOf)
  const widths = [0, 1, 2, 3].map((at) => Math.max(...columns.map((cells) => cells[at]?.length ?? 0)))
  const [kind = 0, minutes = 0, state = 0, paths = 0] = widths
  const start = look.ticks ? 8 : 6
  const title = Math.max(...rows.map((row) => row.title.length))
  const needed = start + 2 + kind + 2 + minutes + 2 + state
  const room = Math.min(title, look.width - needed)
  if (room < Math.min(title, LEAST_TITLE)) return rows.flatMap((row) => narrow(row, look))
  const showsPaths = needed + room + 2 + paths <= look.width
  return rows.flatMap((row, index) => {
    const [first = '', ...rest] = wrap(row.title, room)
    const [itsKind = '', itsMinutes = '', itsState = '', itsPaths = ''] = columns[index] ?? []
    const right = [
      itsKind.padEnd(kind),
      itsMinutes.padStart(minutes),
      `${paint(look, FORMATS[row.state], itsState)}${' '.repeat(showsPaths ? state - itsState.length : 0)}`,
      ...(showsPaths ? [itsPaths] : []),
    ]
    const line = `${beginning(row, look)}${first.padEnd(room)}  ${right.join('  ')}`.trimEnd()
    return [line, ...rest.map((one) => `${' '.repeat(start)}${one}`)]
  })
}

/** All in words, one under the other. */
function narrow(row: ListRow, look: Look): string[] {
  const start = look.ticks ? 8 : 6
  const pad = ' '.repeat(start)
  const [kind, minutes, state] = columnsOf(row)
  const [first = '', ...rest] = wrap(row.title, look.width - start)
  const below = wrap(`${kind}, ${minutes}, ${state}`, look.width - start)
  return [`${beginning(row, look)}${first}`, ...[...rest, ...below].map((line) => `${pad}${line}`)]
}

function beginning({ number, state }: ListRow, look: Look): string {
  return look.ticks ? `  ${paint(look, FORMATS[state], SIGNS[state])} ${number}  ` : `  ${number}  `
}

/** Kind, minutes, state, paths. The whole book is on nobody's list: it has all of them. */
function columnsOf({ kind, minutes, state, holds, paths }: ListRow): [string, string, string, string] {
  const own = state === 'passed' ? 'passed, solution' : 'solution'
  const held = holds === 'solution' ? own : state
  return [kind, `${minutes} min`, held, paths.filter((name) => name !== 'whole book').join(', ')]
}
