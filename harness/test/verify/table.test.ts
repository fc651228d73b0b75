import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findExercise, listExercises } from '../../exercise/find.ts'
import type { CheckResult, ExerciseResult } from '../../result.ts'
import { exerciseTable, type Round } from '../../verify/table.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')
const exercise = findExercise(listExercises(root), '05')

const check = (stretch: boolean) => ({ stretch }) as CheckResult
function round(name: string, durationMs: number): Round {
  const result = {
    durationMs,
    checks: [check(false), check(false), check(true)],
  } as unknown as ExerciseResult
  return { promised: { exercise, name } as Round['promised'], result }
}

test('the median of the solution, on each broker, and the stretch checks apart', () => {
  const here = [round('solution', 3000), round('solution', 1000), round('solution', 1250), round('stub', 9)]
  const there = [round('solution', 500)]
  const [head, , row] = exerciseTable(
    [exercise],
    new Map([
      ['embedded', here],
      ['jvm', there],
    ]),
  )
  expect(head).toContain('| seconds (embedded) | seconds (jvm) |')
  expect(row).toMatch(
    /^\| 05-partition-for-key \| pure \| \d{3} \| 2 and 1 stretch \| \d+ \| \d+ \| 3 \| 1\.25 \| 0\.50 \|$/,
  )
})

test('a broker that has judged nothing leaves its cell empty', () => {
  expect(exerciseTable([exercise], new Map([['embedded', []]]))[2]).toMatch(/\| {2}\|$/)
})
