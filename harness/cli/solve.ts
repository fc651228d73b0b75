import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { hasSolution, solveAnswer } from '../exercise/swap.ts'
import type { Invocation } from './command.ts'

/** Puts solutions into the learner's files, for a demonstration. What was in them is kept; nothing of it counts as progress. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const { positionals } = args
  if (positionals.length === 0) {
    throw new WorkbookError('Which exercise?', 'For instance: npm run solve 03, or npm run solve all')
  }
  const all = listExercises(root)
  const isAll = positionals.includes('all')
  const wanted = isAll ? all : positionals.map((one) => findExercise(all, one))
  const solved = isAll ? wanted.filter(hasSolution) : wanted
  if (solved.length === 0) throw noSolutions()
  for (const exercise of solved) {
    solveAnswer(root, exercise)
    screen.print(`${exercise.name} holds the solution. Yours: npm run undo ${exercise.number}`)
  }
  if (isAll) noteTheRest(wanted, solved, (line) => screen.note(line))
  return 0
}

function noSolutions(): WorkbookError {
  return new WorkbookError(
    'This copy of the workbook has no solutions.',
    'They will be in solutions/NN-name/name.ts when your teacher opens them.',
  )
}

function noteTheRest(
  wanted: readonly Exercise[],
  solved: readonly Exercise[],
  note: (line: string) => void,
): void {
  const missing = wanted.filter((one) => !solved.includes(one)).map(({ number }) => number)
  if (missing.length > 0) note(`This copy has no solution of ${missing.join(', ')} yet.`)
  note('All of yours back: npm run undo all')
}
