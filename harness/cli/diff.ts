import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Exercise } from '../exercise/find.ts'
import { BEGUN_WITH, pristineStub, stubBegunWith } from '../exercise/pristine.ts'
import { hasSolution, readSolution } from '../exercise/swap.ts'
import { learnerJournal, statesOf } from '../progress/learner.ts'
import { type DiffNames, diffReport } from '../report/diff.ts'
import { wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'
import { noteNewStub } from './tell-new-stub.ts'

/** Shows what the learner has changed in the stub or, after passing, where the solution does it in another way. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, screen } = invocation
  const exercise = wantedOrInHand(invocation, args.positionals[0])
  const { before, after, names, stub } = textsFor(invocation, exercise)
  screen.print(['', ...diffReport(before, after, names, screen.look, stub), ''])
  return 0
}

interface Texts {
  before: string
  after: string
  names: DiffNames
  /** The stub that both were made from, when neither of them is it. */
  stub?: string
}

function textsFor(invocation: Invocation, exercise: Exercise): Texts {
  const { root, cwd, args, screen } = invocation
  if (args.flag('upgrade')) return upgradeTexts(root, exercise)
  const own = { text: ownText(exercise), name: `yours: ${path.relative(cwd, exercise.file)}` }
  const passed = statesOf(readJournal(screen, learnerJournal(root))).get(exercise.name)?.passed ?? false
  if (args.flag('solution') || (passed && hasSolution(exercise) && !args.flag('stub'))) {
    const solution = readSolution(root, exercise)
    if (!passed && !args.flag('anyway')) throw notPassed(exercise)
    const names = { before: own.name, after: 'the solution' }
    return { before: own.text, after: solution, names, stub: stubBegunWith(root, exercise).text }
  }
  if (passed && !args.flag('stub'))
    screen.note(`This copy has no solution of ${exercise.number} yet; this is what you changed in the stub.`)
  const begun = stubBegunWith(root, exercise)
  if (begun.isOld) noteNewStub(screen, exercise)
  return { before: begun.text, after: own.text, names: { before: begun.name, after: own.name } }
}

function notPassed({ number }: Exercise): WorkbookError {
  return new WorkbookError(
    `You have not passed ${number} yet, and this would show you its solution. Nothing was shown.`,
    `A hint: npm run hint ${number}.  The solution all the same: npm run diff ${number} -- --solution --anyway`,
  )
}

function upgradeTexts(root: string, exercise: Exercise): Texts {
  const { text } = stubBegunWith(root, exercise)
  return {
    before: text,
    after: pristineStub(exercise, root),
    names: { before: BEGUN_WITH, after: 'the stub now' },
  }
}

function ownText({ file, number }: Exercise): string {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new WorkbookError(`${file} is missing.`, `Bring it back: npm run undo ${number}`)
}
