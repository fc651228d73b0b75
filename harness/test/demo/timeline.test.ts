import { expect, test } from 'vitest'
import { findDemo } from '../../demo/demos.ts'
import type { Moment } from '../../demo/moments.ts'
import type { Told } from '../../demo/run-demo.ts'
import { PICTURE, timelineOf } from '../../demo/timeline.ts'

/** `records[i]`: moments of one program, in words, at these times. */
function told(records: { atMs: number; label: string }[], captions: number[]): Told {
  const moments = records.map(
    ({ atMs, label }): Moment => ({ atMs, kind: 'got', who: 'ann', partition: 0, label, text: label }),
  )
  const said = captions.map((atMs) => ({ atMs, text: 'look' }))
  return { demo: findDemo('same-key'), captions: said, moments, owners: [], lag: [] }
}

/** Many at once, at the beginning, in the middle and at the very end of steps. */
const CROWDED = [
  0, 0, 0, 0, 500, 999, 999, 999, 999, 999, 1000, 1000, 1001, 5000, 5000, 5000, 5000, 5000,
].map((atMs, index) => ({ atMs, label: index % 3 === 0 ? 'commits 12' : 'ORD-001' }))

test.each([
  ['a crowd', CROWDED],
  ['more than a projector has room for', Array.from({ length: 8 }, () => CROWDED).flat()],
])('%s: no mark covers another one or leaves its step', (_, records) => {
  const byTime = records.toSorted((a, b) => a.atMs - b.atMs)
  const { rows, steps, width } = timelineOf(told(byTime, [1000, 5000]))
  const marks = rows.flatMap((row) => row.marks)
  expect(marks).toHaveLength(records.length)
  for (const one of marks) {
    const step = steps[one.moment.atMs <= 1000 ? 0 : 1]
    expect(one.x).toBeGreaterThanOrEqual(step?.x ?? 0)
    expect(one.x + one.width).toBeLessThanOrEqual((step?.x ?? 0) + (step?.width ?? 0))
    const covered = marks.filter(
      (other) =>
        other !== one &&
        other.subline === one.subline &&
        other.x < one.x + one.width &&
        one.x < other.x + other.width,
    )
    expect(covered).toEqual([])
  }
  expect(width).toBeGreaterThanOrEqual(PICTURE.width)
})

test('a quiet step is as wide as its time, beside another one', () => {
  const { steps, xOf } = timelineOf(told([], [1000, 4000]))
  const [first, second] = steps.map((step) => step.width) as [number, number]
  expect(second / first).toBeGreaterThan(2)
  expect(xOf(2500)).toBeCloseTo((steps[1]?.x ?? 0) + second / 2)
})
