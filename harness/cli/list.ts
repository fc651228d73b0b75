import { WorkbookError } from '../errors.ts'
import { type Exercise, listExercises, readPage } from '../exercise/find.ts'
import {
  type CoursePath,
  exercisesOn,
  findPath,
  hoursAndMinutes,
  minutesOf,
  numbersOn,
  PATHS,
} from '../exercise/paths.ts'
import { type ExerciseState, exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'
import { type ListedState, type ListRow, listLines } from '../report/list.ts'
import { type Look, wrap } from '../report/style.ts'
import type { Arguments } from './arguments.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

const NEXT = 'npm run read shows its page, npm test judges your answer'
const STATES = ['open', 'passed', 'failed', 'not written', 'new'] as const

/** Prints the exercises, or those on a path, in a state, or with certain words, and how far the learner is with each. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const exercises = listExercises(root)
  const states = statesOf(readJournal(screen, learnerJournal(root)))
  const rows = wantedExercises(exercises, args).map((exercise) => rowOf(exercise, exercises, states))
  const shown = rows.filter(stateFilter(args.text('state')))
  if (args.flag('json')) {
    screen.print(JSON.stringify(shown, null, 2))
    return 0
  }
  const isWhole = shown.length === exercises.length
  const path = wantedPath(args)
  const standing = path
    ? standingOn(path, exercises, states)
    : { line: standingIn(exercises, states), next: NEXT }
  screen.print([
    '',
    ...(shown.length > 0 ? listLines(shown, screen.look) : ['  No exercise is like that.']),
    '',
    ...(isWhole
      ? [
          '  paths through the book, and the time alone',
          ...PATHS.flatMap((path) => pathLines(path, exercises, screen.look)),
          '',
        ]
      : []),
    ...[standing.line, standing.next]
      .flatMap((line) => wrap(line, screen.look.width - 2))
      .map((line) => `  ${line}`),
    '',
  ])
  return 0
}

interface Row extends ListRow {
  name: string
  objective: string
  passed: boolean
  verdict: ExerciseState['verdict']
  hints: string[]
}

function rowOf(exercise: Exercise, all: Exercise[], states: ReadonlyMap<string, ExerciseState>): Row {
  const state = states.get(exercise.name)
  return {
    number: exercise.number,
    name: exercise.name,
    ...readPage(exercise),
    state: stateWord(state),
    passed: state?.passed ?? false,
    verdict: state?.verdict ?? null,
    holds: state?.holds ?? 'own',
    hints: state?.hints ?? [],
    paths: PATHS.filter((path) => exercisesOn(path, all).includes(exercise)).map(({ name }) => name),
  }
}

function stateWord(state: ExerciseState | undefined): ListedState {
  if (state?.passed) return 'passed'
  return state?.verdict === 'failed' || state?.verdict === 'not written' ? state.verdict : 'new'
}

type States = ReadonlyMap<string, ExerciseState>

function standingIn(exercises: Exercise[], states: States): string {
  const passed = exercises.filter(({ name }) => states.get(name)?.passed).length
  return `${passed} of ${exercises.length} passed, in hand: ${exerciseInHand(exercises, states).name}`
}

/** The exercise in hand is that of the whole book: on a path it may be one that is not on it. */
function standingOn(path: CoursePath, exercises: Exercise[], states: States): { line: string; next: string } {
  const onPath = exercisesOn(path, exercises)
  const open = onPath.filter(({ name }) => !states.get(name)?.passed)
  const [next] = open
  const time = hoursAndMinutes(minutesOf(path, exercises))
  const passed = `${path.name}: ${onPath.length - open.length} of ${onPath.length} passed, ${time} alone`
  if (!next) return { line: passed, next: 'npm run list shows the other paths' }
  const { number, name } = next
  return {
    line: `${passed}, next: ${name}`,
    next: `npm run read ${number} shows its page, npm test ${number} judges your answer`,
  }
}

/** The path that `--path` or the words name; undefined when they name none. */
function wantedPath(args: Arguments): CoursePath | undefined {
  const named = args.text('path')
  const path = findPath(named ?? args.positionals.join(' '))
  if (named === undefined || path) return path
  const names = PATHS.map(({ name }) => name.replaceAll(' ', '-')).join(', ')
  throw new WorkbookError(`There is no path "${named}".`, `Paths through the book: ${names}`)
}

/** On the path that is wanted, or else with all the words in number, name, title or objective. */
function wantedExercises(exercises: Exercise[], args: Arguments): Exercise[] {
  const path = wantedPath(args)
  const words = path && args.text('path') === undefined ? [] : args.positionals
  return (path ? exercisesOn(path, exercises) : exercises).filter((exercise) => {
    const { title, objective, kind } = readPage(exercise)
    const text = `${exercise.name} ${title} ${objective} ${kind}`.toLowerCase()
    return words.every((word) => text.includes(word.toLowerCase()))
  })
}

function stateFilter(wanted: string | undefined): (row: Row) => boolean {
  if (wanted === undefined) return () => true
  const word = wanted.toLowerCase().replaceAll('-', ' ')
  const state = STATES.find((one) => one === word)
  if (state === undefined) {
    const names = STATES.map((one) => one.replaceAll(' ', '-')).join(', ')
    throw new WorkbookError(`There is no state "${wanted}".`, `States are: ${names}`)
  }
  return state === 'open' ? ({ passed }) => !passed : (row) => row.state === state
}

const NAME_WIDTH = Math.max(...PATHS.map(({ name }) => name.length))

function pathLines(path: CoursePath, exercises: Exercise[], look: Look): string[] {
  const start = `  ${path.name.padEnd(NAME_WIDTH)}  ${hoursAndMinutes(minutesOf(path, exercises)).padStart(11)}  `
  const [first = '', ...rest] = wrap(numbersOn(path), Math.max(12, look.width - start.length))
  return [`${start}${first}`, ...rest.map((line) => `${' '.repeat(start.length)}${line}`)]
}
