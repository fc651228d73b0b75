import { WorkbookError } from '../errors.ts'
import { NEW_KINDS, newExercise } from '../verify/new-exercise.ts'
import type { Invocation } from './command.ts'

/** Makes the files of a new exercise, and says what is to be done with them. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const [what, name, ...more] = args.positionals
  if (what !== 'exercise' || name === undefined || more.length > 0)
    throw new WorkbookError('What is to be made?', 'For instance: npm run new exercise count-orders')
  const wanted = args.text('kind') ?? 'broker'
  const kind = NEW_KINDS.find((one) => one === wanted)
  if (!kind) throw new WorkbookError(`There is no kind "${wanted}".`, `There are: ${NEW_KINDS.join(', ')}`)
  const { exercise, files } = newExercise(root, name, kind)
  const { number } = exercise
  screen.print([
    '',
    ...files.map((file) => `  ${file}`),
    '',
    `  npm test ${number} -- --answer solution   passes already`,
    `  npm run verify -- --exercise ${number}    lists what is to be written`,
    `  npm run verify -- --write-tables   puts it into the table of README.md`,
    '',
    '  A change of the stub goes into its pristine copy, too. How to go on: CONTRIBUTING.md.',
    '',
  ])
  return 0
}
