import { expect, test } from 'vitest'
import type { CheckVerdict, ExerciseResult } from '../../result.ts'
import { bothOf, secondSeed } from '../../run/seeds.ts'

function resultOf(verdicts: Record<string, CheckVerdict>): ExerciseResult {
  const checks = Object.entries(verdicts).map(([id, verdict]) => ({
    ...{ id, title: id, verdict, after: [], stretch: false, points: 1, durationMs: 1 },
    ...{ wire: [], ownership: [], logs: [], message: 'no' },
  }))
  const answer = { kind: 'file', path: 'a.ts', hash: '000000' } as const
  return { exercise: '05-partition-for-key', answer, verdict: 'passed', durationMs: 10, checks }
}

const verdicts = (result: ExerciseResult) => [result.verdict, ...result.checks.map(({ verdict }) => verdict)]

test('the second seed is another one, and always the same', () => {
  for (let seed = 1; seed < 10_000; seed++) {
    const second = secondSeed(seed)
    expect(second > 0 && second < 10_000 && second === secondSeed(seed)).toBe(true)
  }
  expect(secondSeed(4181)).not.toBe(4181)
})

test.each([
  [{ a: 'passed', b: 'passed' }, { a: 'passed', b: 'passed' }, ['passed', 'passed', 'passed']],
  [{ a: 'passed', b: 'passed' }, { a: 'passed', b: 'failed' }, ['failed', 'passed', 'failed']],
  [{ a: 'passed', b: 'failed' }, { a: 'passed', b: 'passed' }, ['failed', 'passed', 'failed']],
  [{ a: 'passed' }, { a: 'error' }, ['error', 'error']],
  [{ a: 'passed', b: 'passed' }, { a: 'passed' }, ['error', 'passed', 'error']],
  [{ a: 'passed' }, { a: 'passed', b: 'failed' }, ['failed', 'passed', 'failed']],
] as [Record<string, CheckVerdict>, Record<string, CheckVerdict>, string[]][])(
  '%o and then %o',
  (first, second, both) => {
    expect(verdicts(bothOf(resultOf(first), resultOf(second), 7))).toEqual(both)
  },
)

test('what failed the second time says so', () => {
  const { checks } = bothOf(resultOf({ a: 'passed' }), resultOf({ a: 'failed' }), 4711)
  expect(checks[0]?.message).toBe('no (with another seed: 4711)')
})
