import { WorkbookError } from '../errors.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { HINT_TIERS, readHints } from '../exercise/hints.ts'
import { wrap } from '../report/style.ts'
import type { Invocation } from './command.ts'

/** Prints one hint; without a tier, the first one. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const [wanted, tierText = '1'] = args.positionals
  if (!wanted) throw new WorkbookError('Which exercise?', 'For instance: npm run hint 03')
  const exercise = findExercise(listExercises(root), wanted)
  const number = Number(tierText)
  const tier = HINT_TIERS[number - 1]
  if (!tier)
    throw new WorkbookError(
      `There is no hint "${tierText}".`,
      'Hints are 1 (nudge), 2 (pointer) and 3 (near-solution).',
    )
  const text = readHints(exercise)[tier]
  const next =
    number < HINT_TIERS.length
      ? `More: npm run hint ${exercise.number} ${number + 1}`
      : 'This is the last hint.'
  screen.print([
    '',
    `  ${exercise.number} · ${tier}`,
    '',
    ...wrap(reflow(text), Math.min(screen.look.width, 100) - 4).map((line) => `  ${line}`),
    '',
    `  ${next}`,
    '',
  ])
  return 0
}

/** The paragraphs of a page are broken at its own width; lists and code keep their lines. */
function reflow(text: string): string {
  const paragraphs = text.split(/\n{2,}/)
  return paragraphs
    .map((paragraph) => (/^(\s|[-*`]|\d+\.)/.test(paragraph) ? paragraph : paragraph.replaceAll('\n', ' ')))
    .join('\n\n')
}
