import { WorkbookError } from '../errors.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { resetAnswer } from '../exercise/swap.ts'
import type { Invocation } from './command.ts'

/** Puts stubs back. What was in the files is kept. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  if (args.positionals.length === 0)
    throw new WorkbookError('Which exercise?', 'For instance: npm run reset 03')
  const exercises = listExercises(root)
  for (const exercise of args.positionals.map((wanted) => findExercise(exercises, wanted))) {
    resetAnswer(root, exercise)
    screen.print(`${exercise.name} holds its stub. What it held before: npm run undo ${exercise.number}`)
  }
  return 0
}
