import type { CheckResult, ExerciseResult } from '../result.ts'

/**
 * Differences between two results of the same answer, one sentence each: verdict, mistake, expected and actual of
 * every check. Names of the run and ports are made equal first; they differ by design.
 */
export function differences(one: ExerciseResult, other: ExerciseResult): string[] {
  const found: string[] = []
  const note = (what: string, left: unknown, right: unknown) => {
    if (left !== right) found.push(`${what}: ${left ?? 'none'} against ${right ?? 'none'}`)
  }
  note('verdict', one.verdict, other.verdict)
  const others = new Map(other.checks.map((check) => [check.id, check]))
  for (const check of one.checks) {
    const twin = others.get(check.id)
    note(`verdict of ${check.id}`, check.verdict, twin?.verdict)
    note(`mistake in ${check.id}`, words(check.mistake), words(twin?.mistake))
    note(`expected in ${check.id}`, level(check.expected), level(twin?.expected))
    note(`actual in ${check.id}`, level(check.actual), level(twin?.actual))
  }
  note('number of checks', one.checks.length, other.checks.length)
  return found
}

function words(mistake: CheckResult['mistake']): string | undefined {
  return mistake && `${mistake.id} (${mistake.sentence})`
}

function level(text: string | undefined): string | undefined {
  return text?.replace(/wb-[a-z0-9]+-/g, 'wb-RUN-').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
}
