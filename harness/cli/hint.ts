import { WorkbookError } from '../errors.ts'
import type { Exercise } from '../exercise/find.ts'
import { HINT_TIERS, mistakeHints, nextHint, readHints } from '../exercise/hints.ts'
import { type LearnerEntry, learnerJournal, statesOf } from '../progress/learner.ts'
import { wrap } from '../report/style.ts'
import { wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

const WIDEST = 100

/** Prints one more hint, or the tier that a number asks for, and remembers that it was given. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const [wanted, tier] = args.positionals
  const exercise = wantedOrInHand(invocation, wanted)
  const journal = learnerJournal(root)
  const hints = new Map<string, string>([...Object.entries(readHints(exercise)), ...mistakeHints(exercise)])
  const entries = readJournal(screen, journal)
  const hint = tier === undefined ? hintAfter(exercise, entries) : tierOf(tier)
  const text = hints.get(hint) as string
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
  const title = isMistake ? `about the mistake ${hint}` : hint
  screen.print([
    '',
    `  ${exercise.number} · ${title}`,
    '',
    ...wrap(reflow(text), Math.min(screen.look.width, WIDEST) - 4).map((line) => `  ${line}`.trimEnd()),
    '',
    `  ${more(exercise, hint, tier !== undefined)}`,
    '',
  ])
  return 0
}

function hintAfter(exercise: Exercise, entries: readonly LearnerEntry[]): string {
  const last = entries.findLast((entry) => entry.kind === 'judged' && entry.exercise === exercise.name)
  return nextHint({
    mistakes: last?.kind === 'judged' ? last.mistakes : [],
    helped: new Set(mistakeHints(exercise).keys()),
    given: statesOf(entries).get(exercise.name)?.hints ?? [],
  })
}

function tierOf(text: string): string {
  const tier = HINT_TIERS[Number(text) - 1]
  if (tier !== undefined) return tier
  throw new WorkbookError(
    `There is no hint "${text}".`,
    'Hints are 1 (nudge), 2 (pointer) and 3 (near-solution); without a number comes the next one.',
  )
}

function isTier(hint: string): boolean {
  return (HINT_TIERS as readonly string[]).includes(hint)
}

function more({ number }: Exercise, hint: string, wasAskedFor: boolean): string {
  const at = (HINT_TIERS as readonly string[]).indexOf(hint)
  if (at === HINT_TIERS.length - 1) return 'This is the last hint.'
  return `More: npm run hint ${number}${wasAskedFor ? ` ${at + 2}` : ''}`
}

/** The paragraphs of a page are broken at its own width; lists and code keep their lines. */
function reflow(text: string): string {
  const paragraphs = text.split(/\n{2,}/)
  return paragraphs
    .map((paragraph) => (/^(\s|[-*`]|\d+\.)/.test(paragraph) ? paragraph : paragraph.replaceAll('\n', ' ')))
    .join('\n\n')
}
