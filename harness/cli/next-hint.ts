import type { Exercise } from '../exercise/find.ts'
import { HINT_TIERS, type HintTier, mistakeHints, nextHint, readHints } from '../exercise/hints.ts'
import { type LearnerEntry, statesOf } from '../progress/learner.ts'

/** All hints of an exercise by their names: the tiers, then the ids of mistakes. */
export function hintsByName(exercise: Exercise): Map<string, string> {
  return new Map([...Object.entries(readHints(exercise)), ...mistakeHints(exercise)])
}

/** The name of the hint that comes next for a learner who has done this. */
export function hintAfter(exercise: Exercise, entries: readonly LearnerEntry[]): string {
  const last = entries.findLast((entry) => entry.kind === 'judged' && entry.exercise === exercise.name)
  return nextHint({
    mistakes: last?.kind === 'judged' ? last.mistakes : [],
    helped: new Set(mistakeHints(exercise).keys()),
    given: statesOf(entries).get(exercise.name)?.hints ?? [],
  })
}

/** Whether this is one of the three that every exercise has, and not one about a mistake. */
export function isTier(hint: string): hint is HintTier {
  return (HINT_TIERS as readonly string[]).includes(hint)
}

/** What stands above a hint. */
export function hintTitle(hint: string): string {
  return isTier(hint) ? hint : `about the mistake ${hint}`
}
