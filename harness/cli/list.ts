import { type Exercise, listExercises, readPage } from '../exercise/find.ts'
import {
  type CoursePath,
  exercisesOn,
  hoursAndMinutes,
  minutesOf,
  numbersOn,
  PATHS,
} from '../exercise/paths.ts'
import { learnerJournal, statesOf } from '../progress/learner.ts'
import { paint } from '../report/style.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

/** Prints every exercise with its kind, its minutes and the last verdict on the learner's own answer. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const exercises = listExercises(root)
  const states = statesOf(readJournal(screen, learnerJournal(root)))
  const rows = exercises.map((exercise) => ({
    number: exercise.number,
    name: exercise.name,
    ...readPage(exercise),
    verdict: states.get(exercise.name)?.verdict ?? null,
    passed: states.get(exercise.name)?.passed ?? false,
    holds: states.get(exercise.name)?.holds ?? 'own',
    paths: PATHS.filter((path) => exercisesOn(path, exercises).includes(exercise)).map(({ name }) => name),
  }))
  if (args.flag('json')) {
    screen.print(JSON.stringify(rows, null, 2))
    return 0
  }
  const width = Math.max(...rows.map((row) => row.title.length))
  const lines = rows.map(({ number, title, kind, minutes, passed, holds }) => {
    const tick = passed
      ? paint(screen.look, 'green', screen.look.ticks ? '✓' : 'done')
      : screen.look.ticks
        ? ' '
        : '    '
    return `  ${tick} ${number}  ${title.padEnd(width)}  ${kind.padEnd(8)}  ${`${minutes}`.padStart(3)} min${holds === 'solution' ? '  solution' : ''}`
  })
  screen.print([
    '',
    ...lines,
    '',
    '  paths through the book, and the time alone',
    ...PATHS.map((path) => pathLine(path, exercises)),
    '',
    '  npm test NN judges your answer',
    '  exercises/NN-name/README.md is the page to read',
    '',
  ])
  return 0
}

const NAME_WIDTH = Math.max(...PATHS.map(({ name }) => name.length))

function pathLine(path: CoursePath, exercises: Exercise[]): string {
  return `  ${path.name.padEnd(NAME_WIDTH)}  ${hoursAndMinutes(minutesOf(path, exercises)).padStart(11)}  ${numbersOn(path)}`
}
