import type { CheckResult, ExerciseResult, Verdict } from '../result.ts'

/**
 * The verdict of one exercise: error before failed before not written before passed. Stretch checks are left out, but
 * for an error of the harness. No check at all is an error: nothing was judged.
 */
export function verdictOf(checks: CheckResult[], problems: string[]): Verdict {
  const needed = checks.filter((check) => !check.stretch)
  if (problems.length > 0 || needed.length === 0) return 'error'
  if (checks.some((check) => check.verdict === 'error')) return 'error'
  if (needed.some((check) => check.verdict === 'failed' && !check.notWritten)) return 'failed'
  if (needed.some((check) => check.verdict === 'failed')) return 'not written'
  // Blocked needs a check that failed before it, so this holds only when every needed check passed.
  return needed.every((check) => check.verdict === 'passed') ? 'passed' : 'failed'
}

/** Exit code for a whole run: 2 if anything is an error, 1 if anything is not passed, else 0. */
export function exitCodeOf(results: ExerciseResult[]): number {
  if (results.some((result) => result.verdict === 'error')) return 2
  return results.every((result) => result.verdict === 'passed') ? 0 : 1
}
