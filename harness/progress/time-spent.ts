import type { LearnerEntry } from './learner.ts'

/** A pause that is longer than this many minutes was spent on something else. */
export const LONGEST_PAUSE = 20

/**
 * Minutes that were worked on each exercise, from the entries by their time: what lies between one entry and the next belongs
 * to the exercise of the next, when it is not longer than a pause. What came before the first is not known, and not counted.
 */
export function minutesSpent(entries: readonly LearnerEntry[]): Map<string, number> {
  const minutes = new Map<string, number>()
  let before = Number.NaN
  for (const entry of entries) {
    if (entry.kind === 'path') continue
    const { at, exercise } = entry
    const now = Date.parse(at)
    const gap = (now - before) / 60_000
    if (gap <= LONGEST_PAUSE) minutes.set(exercise, (minutes.get(exercise) ?? 0) + gap)
    if (!Number.isNaN(now)) before = now
  }
  return minutes
}
