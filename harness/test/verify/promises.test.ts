import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { declaredChecks } from '../../exercise/declared-checks.ts'
import { listExercises } from '../../exercise/find.ts'
import type { CheckResult, ExerciseResult, Verdict } from '../../result.ts'
import { verdictOf } from '../../run/verdict.ts'
import { brokenPromise, type Promised } from '../../verify/promises.ts'

const sticky = { name: 'sticky-forgets', verdict: 'failed', mistake: 'sticky-forgets' } as Promised
const alternative = { name: 'bits', verdict: 'passed' } as Promised

const check = (verdict: CheckResult['verdict'], stretch = false, id?: string) =>
  ({ title: 'A', verdict, stretch, ...(id && { mistake: { id, sentence: '' } }) }) as CheckResult

function result(...checks: CheckResult[]): ExerciseResult {
  return { verdict: verdictOf(checks, []) as Verdict, checks } as ExerciseResult
}

test('a mistake fails with its own name, in a check that is needed or in a stretch', () => {
  expect(brokenPromise(sticky, result(check('failed', false, 'sticky-forgets')))).toBeNull()
  expect(brokenPromise(sticky, result(check('passed'), check('failed', true, 'sticky-forgets')))).toBeNull()
})

test('a mistake that nothing finds, or under another name, breaks its promise', () => {
  expect(brokenPromise(sticky, result(check('passed'), check('passed', true)))).toContain('should be failed')
  expect(brokenPromise(sticky, result(check('passed'), check('failed', true)))).toContain('names nothing')
  expect(brokenPromise(sticky, result(check('passed'), check('failed', true, 'other')))).toContain('other')
})

test('an answer that should pass may leave the stretch out, and nothing else', () => {
  expect(brokenPromise(alternative, result(check('passed'), check('failed', true)))).toBeNull()
  expect(brokenPromise(alternative, result(check('failed'), check('passed', true)))).toContain('is failed')
})

test('a solution is judged by the checks that the files declare, which are the ones that marks are made of', () => {
  const [exercise] = listExercises(fileURLToPath(new URL('../../..', import.meta.url)))
  const solution = { exercise, name: 'solution', verdict: 'passed' } as Promised
  const declared = declaredChecks(solution.exercise).map(
    (one) => ({ ...one, verdict: 'passed' }) as CheckResult,
  )
  const [first, ...others] = declared as [CheckResult, ...CheckResult[]]
  expect(brokenPromise(solution, result(...declared))).toBeNull()
  expect(brokenPromise(solution, result(...others))).toContain(`declare: ${first.id} 1`)
  expect(brokenPromise(solution, result({ ...first, points: 2 }, ...others))).toContain(first.id)
  expect(brokenPromise(solution, result(first, ...declared))).toBe('has a check that was judged twice')
})
