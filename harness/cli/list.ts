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
  pathNamed,
  pathOf,
} from '../exercise/paths.ts'
import { type ExerciseState, exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'
import { type ListedState, type ListRow, listLines } from '../report/list.ts'
import { type Look, wrap } from '../report/style.ts'
import type { Arguments } from './arguments.ts'
import { onPath } from './choose.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

const NEXT = 'npm run read shows its page, npm test judges your answer'
const STATES = ['open', 'passed', 'failed', 'not written', 'new'] as const

/** Prints the exercises, or those on a path, in a state, or with certain words, and how far the learner is with each. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const exercises = listExercises(root)
  const entries = readJournal(screen, learnerJournal(root))
  const states = statesOf(entries)
  const rows = wantedExercises(exercises, args).map((exercise) => rowOf(exercise, exercises, states))
  const shown = rows.filter(stateFilter(args.text('state')))
  if (args.flag('json')) {
    screen.print(JSON.stringify(shown, null, 2))
    return 0
  }
  const isWhole = shown.length === exercises.length
  const taken = pathOf(entries)
  const inHand = exerciseInHand(exercisesOn(taken, exercises), states)
  const passed = exercises.filter(({ name }) => states.get(name)?.passed).length
  screen.print([
    '',
    ...(shown.length > 0 ? listLines(shown, screen.look) : ['  No exercise is like that.']),
    '',
    ...(isWhole
      ? [
          '  paths through the book, and the time alone:  npm start -- --path two-hours',
          ...PATHS.flatMap((path) => pathLines(path, exercises, screen.look)),
          '',
        ]
      : []),
    `  ${passed} of ${exercises.length} passed, in hand: ${inHand.name}${onPath(taken)}`,
    ...[...takeLines(args, taken), NEXT]
      .flatMap((line) => wrap(line, screen.look.width - 2))
      .map((line) => `  ${line}`),
    '',
  ])
  return 0
}

/** What is in hand need not be on a path that is listed and not taken. */
function takeLines(args: Arguments, taken: CoursePath): string[] {
  const listed = wantedPath(args)
  if (!listed || listed === taken) return []
  return [`to take this path:  npm start -- --path ${listed.name.replaceAll(' ', '-')}`]
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

/** The path that `--path` or the words name; undefined when they name none. */
function wantedPath(args: Arguments): CoursePath | undefined {
  const named = args.text('path')
  return named === undefined ? findPath(args.positionals.join(' ')) : pathNamed(named)
}

/** On the path that `--path` or the words name, or else with all the words in number, name, title or objective. */
function wantedExercises(exercises: Exercise[], args: Arguments): Exercise[] {
  const named = args.text('path')
  const path = wantedPath(args)
  const words = path && named === undefined ? [] : args.positionals
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
