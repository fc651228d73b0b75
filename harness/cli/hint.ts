import { WorkbookError } from '../errors.ts'
import type { Exercise } from '../exercise/find.ts'
import { HINT_TIERS } from '../exercise/hints.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { renderBlocks } from '../markdown/terminal.ts'
import { learnerJournal } from '../progress/learner.ts'
import { wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { hintAfter, hintsByName, hintTitle, isTier } from './next-hint.ts'
import { readJournal } from './read-journal.ts'

const WIDEST = 100

/** Prints one more hint, or the tier that a number asks for, and remembers that it was given. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const [wanted, tier] = args.positionals
  const exercise = wantedOrInHand(invocation, wanted)
  const journal = learnerJournal(root)
  const entries = readJournal(screen, journal)
  const hint = tier === undefined ? hintAfter(exercise, entries) : tierOf(tier)
  const text = hintsByName(exercise).get(hint) as string
  try {
    journal.append({ kind: 'hinted', at: new Date().toISOString(), exercise: exercise.name, hint })
  } catch (error) {
    // Where nothing can be kept there are hints all the same.
    if (!(error instanceof WorkbookError)) throw error
    screen.note(error.message)
  }
  const isMistake = !isTier(hint)
  if (args.flag('json')) {
    screen.print(JSON.stringify({ exercise: exercise.name, hint, isMistake, text }, null, 2))
    return 0
  }
  const width = Math.min(screen.look.width, WIDEST) - 4
  const lines = renderBlocks(parseMarkdown(text).blocks, { ...screen.look, width })
  screen.print([
    '',
    `  ${exercise.number} · ${hintTitle(hint)}`,
    '',
    ...lines.map((line) => `  ${line}`.trimEnd()),
    '',
    `  ${more(exercise, hint, tier !== undefined)}`,
    '',
  ])
  return 0
}

function tierOf(text: string): string {
  const tier = HINT_TIERS[Number(text) - 1]
  if (tier !== undefined) return tier
  throw new WorkbookError(
    `There is no hint "${text}".`,
    'Hints are 1 (nudge), 2 (pointer) and 3 (near-solution); without a number comes the next one.',
  )
}

function more({ number }: Exercise, hint: string, wasAskedFor: boolean): string {
  const at = (HINT_TIERS as readonly string[]).indexOf(hint)
  if (at === HINT_TIERS.length - 1) return 'This is the last hint.'
  return `More: npm run hint ${number}${wasAskedFor ? ` ${at + 2}` : ''}`
}
