import { expect, test } from 'vitest'
import type { CheckResult, ExerciseResult, Verdict } from '../../result.ts'
import { exitCodeOf, verdictOf } from '../../run/verdict.ts'

function check(verdict: CheckResult['verdict'], more: Partial<CheckResult> = {}): CheckResult {
  return {
    id: '03-x/a',
    title: 'A',
    verdict,
    after: [],
    stretch: false,
    points: 1,
    durationMs: 1,
    wire: [],
    ownership: [],
    logs: [],
    ...more,
  }
}

test.each<[Verdict, string, CheckResult[], string[]]>([
  ['passed', 'all passed', [check('passed'), check('passed')], []],
  ['passed', 'a stretch check failed', [check('passed'), check('failed', { stretch: true })], []],
  ['failed', 'one failed', [check('passed'), check('failed')], []],
  ['failed', 'failed and not written', [check('failed'), check('failed', { notWritten: true })], []],
  ['not written', 'nothing but TODO', [check('failed', { notWritten: true }), check('blocked')], []],
  ['failed', 'blocked without a failure before it', [check('passed'), check('blocked')], []],
  ['error', 'an error beside a failure', [check('failed'), check('error')], []],
  ['error', 'an error of a stretch check', [check('passed'), check('error', { stretch: true })], []],
  ['error', 'no check at all', [], []],
  ['error', 'only stretch checks', [check('passed', { stretch: true })], []],
  ['error', 'the check file does not load', [], ['SyntaxError']],
])('%s: %s', (verdict, _, checks, problems) => expect(verdictOf(checks, problems)).toBe(verdict))

test.each<[number, Verdict[]]>([
  [0, ['passed', 'passed']],
  [1, ['passed', 'failed']],
  [1, ['not written']],
  [2, ['failed', 'error']],
])('exit code %i for %o', (code, verdicts) => {
  const results = verdicts.map((verdict) => ({ verdict }) as ExerciseResult)
  expect(exitCodeOf(results)).toBe(code)
})
