import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Exercise } from './find.ts'

export const HINT_TIERS = ['Nudge', 'Pointer', 'Near-solution'] as const
export type HintTier = (typeof HINT_TIERS)[number]

/** What stands before the id of a mistake in the title of its hint. */
const OF_MISTAKE = 'When the verdict says '

/** One section of `hints.md`. Lines count from 1. */
export interface HintSection {
  title: string
  text: string
  line: number
}

/** Every section of a file of hints, in its order; none when the file is missing. */
export function hintSections({ hintsFile }: Exercise): HintSection[] {
  if (!existsSync(hintsFile)) return []
  const text = readFileSync(hintsFile, 'utf8').replaceAll('\r\n', '\n')
  return [...text.matchAll(/^## +(.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)].map((match) => ({
    title: (match[1] as string).trim(),
    text: (match[2] as string).trim(),
    line: text.slice(0, match.index).split('\n').length,
  }))
}

/** The id of the mistake that a section is about; null for a tier, or for anything else. */
export function mistakeOf({ title }: HintSection): string | null {
  return title.startsWith(OF_MISTAKE) ? title.slice(OF_MISTAKE.length) : null
}

/** The hints of an exercise, from the vaguest to the plainest. Throws a WorkbookError when a tier is missing. */
export function readHints(exercise: Exercise): Record<HintTier, string> {
  const where = path.relative(process.cwd(), exercise.hintsFile)
  const restore = `Restore it: git checkout -- ${where}`
  if (!existsSync(exercise.hintsFile)) throw new WorkbookError(`${where} is missing.`, restore)
  const sections = hintSections(exercise)
  const hint = (tier: HintTier) => {
    const text = sections.find(({ title }) => title === tier)?.text
    if (!text) throw new WorkbookError(`${where} has no section "## ${tier}".`, restore)
    return text
  }
  return { Nudge: hint('Nudge'), Pointer: hint('Pointer'), 'Near-solution': hint('Near-solution') }
}

/** The hints for named mistakes, by the id of the mistake. */
export function mistakeHints(exercise: Exercise): Map<string, string> {
  const found = hintSections(exercise).map((section) => [mistakeOf(section), section.text] as const)
  return new Map(found.filter((entry): entry is [string, string] => entry[0] !== null))
}

/** What decides which hint comes next. */
export interface Asking {
  /** The mistakes that the last verdict named. */
  mistakes: readonly string[]
  /** Ids of the mistakes that there is a hint for. */
  helped: ReadonlySet<string>
  /** The hints that were given before: tiers, and ids of mistakes. */
  given: readonly string[]
}

/**
 * One more hint for each time that somebody asks: first the one for the mistake that the last verdict named, then the tiers
 * from the vaguest to the plainest. When all were given, the plainest again.
 */
export function nextHint({ mistakes, helped, given }: Asking): string {
  const ofMistake = mistakes.find((id) => helped.has(id) && !given.includes(id))
  return ofMistake ?? HINT_TIERS.find((tier) => !given.includes(tier)) ?? 'Near-solution'
}
