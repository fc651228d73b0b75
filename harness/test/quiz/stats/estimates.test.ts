import { describe, expect, test } from 'vitest'
import { median } from '../../../median.ts'
import { correlation, fisher, wilson } from '../../../quiz/stats/estimates.ts'

describe('estimates', () => {
  // What defines Wilson's bounds: the share that was seen is 1.96 standard errors, of the bound, away from them.
  test.each([
    [8, 10],
    [1, 10],
    [1, 2],
    [50, 100],
    [999, 1000],
  ])('%i of %i: the share is just within reach of both bounds', (right, n) => {
    for (const bound of wilson(right, n)) {
      const error = Math.sqrt((bound * (1 - bound)) / n)
      expect(Math.abs(right / n - bound) / error).toBeCloseTo(1.959964, 6)
    }
    const [low, high] = wilson(right, n)
    expect(low).toBeLessThan(right / n)
    expect(high).toBeGreaterThan(right / n)
  })

  test('none and all have an interval, too, and it ends at 0 and 1', () => {
    expect(wilson(0, 10)).toEqual([0, expect.closeTo(0.2775, 4)])
    expect(wilson(10, 10)).toEqual([expect.closeTo(0.7225, 4), 1])
  })

  test('a correlation has its sign, and there is none where nothing differs', () => {
    expect(
      correlation([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ).toBeCloseTo(1)
    expect(
      correlation([
        [1, 6],
        [2, 4],
        [3, 2],
      ]),
    ).toBeCloseTo(-1)
    expect(
      correlation([
        [0, 1],
        [0, 2],
        [1, 1],
        [1, 2],
      ]),
    ).toBeCloseTo(0)
    expect(
      correlation([
        [0.1 + 0.2, 1],
        [0.3, 2],
        [0.3, 3],
      ]),
    ).toBeNull()
  })

  // artanh 0.5 = 0.5493; 1.96 / sqrt 17 = 0.4754; tanh of 0.0739 and 1.0247.
  test('the interval of a correlation is that of Fisher', () => {
    const [low, high] = fisher(0.5, 20)
    expect(low).toBeCloseTo(0.0738, 4)
    expect(high).toBeCloseTo(0.7718, 4)
    expect(fisher(1, 10)).toEqual([1, 1])
  })

  test('the median of odd and even numbers of values', () => {
    expect(median([9, 1, 4])).toBe(4)
    expect(median([9, 1, 4, 6])).toBe(5)
    expect(median([7])).toBe(7)
  })
})
