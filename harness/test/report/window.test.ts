import { expect, test } from 'vitest'
import { windowOf } from '../../report/window.ts'
import type { WireLine } from '../../result.ts'

function strip(length: number, marked = -1): WireLine[] {
  return Array.from({ length }, (_, index) => ({
    atMs: index,
    lane: '1',
    api: 'Produce',
    text: '',
    ...(index === marked && { marked: true }),
  })) as WireLine[]
}

test.each([
  ['around the mark', 50, [48, 51]],
  ['from the start, when the mark is there', 0, [0, 3]],
  ['up to the end, when the mark is there', 99, [96, 99]],
  ['the end, when there is no mark', -1, [96, 99]],
])('a long strip is cut: %s', (_, marked, [first, last]) => {
  const shown = windowOf(strip(100, marked), 4)
  expect(shown.map(({ atMs }) => atMs)).toEqual([first, (first as number) + 1, (last as number) - 1, last])
})

test('a short one is whole, and so is everything without a limit', () => {
  expect(windowOf(strip(3), 4)).toEqual(strip(3))
  expect(windowOf(strip(100, 7), Number.POSITIVE_INFINITY)).toEqual(strip(100, 7))
})
