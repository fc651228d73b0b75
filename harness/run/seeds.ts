import type { CheckResult, ExerciseResult } from '../result.ts'
import { verdictOf } from './verdict.ts'

/** The seed of the second judgement, made from that of the first, so that `--seed` repeats both. From 1 to 9,998. */
export function secondSeed(seed: number): number {
  return 1 + ((seed * 7919 + 4242) % 9998)
}

/**
 * Two judgements of one answer, with two seeds, as one result: a check has passed when it passed both times. An answer
 * that fits the first seed only, or is right now and then, has not.
 */
export function bothOf(first: ExerciseResult, second: ExerciseResult, seed: number): ExerciseResult {
  const again = new Map(second.checks.map((check) => [check.id, check]))
  const checks = first.checks.map((check) => {
    const other = again.get(check.id)
    return check.verdict === 'passed' && other?.verdict !== 'passed' ? worse(check, other, seed) : check
  })
  const known = new Set(first.checks.map(({ id }) => id))
  const all = [...checks, ...second.checks.filter(({ id }) => !known.has(id))]
  return {
    ...first,
    verdict: verdictOf(all, []),
    durationMs: first.durationMs + second.durationMs,
    checks: all,
  }
}

function worse(check: CheckResult, other: CheckResult | undefined, seed: number): CheckResult {
  if (!other) return { ...check, verdict: 'error', message: `It was not judged with seed ${seed}.` }
  return { ...other, message: `${other.message ?? 'It did not pass.'} (with another seed: ${seed})` }
}
