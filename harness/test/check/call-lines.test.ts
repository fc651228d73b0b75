import { expect, test } from 'vitest'
import { areWhole, callLines, callLog, keepTrip, type Trip } from '../../check/call-lines.ts'

const trip = (name: string, given: unknown[], returned: unknown): Trip => {
  return { name, argumentLists: [given], outcomes: [{ returned }] }
}
const many: Trip = {
  name: 'remap',
  argumentLists: Array.from({ length: 250 }, (_, n) => [n]),
  outcomes: Array.from({ length: 250 }, (_, n) => ({ returned: n + 0.5 })),
}
const threw = { name: 'RangeError', message: 'not\u001b 0' }

test.each<[Trip[], string[]]>([
  [[trip('partitionForKey', ['ORD-1', 3], 2)], ["partitionForKey('ORD-1', 3) -> 2"]],
  [
    [trip('a', [], 1), trip('b', [], 2n), trip('c', [], []), trip('d', [], null)],
    ['b() -> 2n', 'c() -> []', 'd() -> null'],
  ],
  [[trip('show', ['two\nlines \u202e'], '\u200b')], ["show('two\\nlines \\u202e') -> '\\u200b'"]],
  [[trip('show', ['x'.repeat(90)], '')], ['show(), 1 call']],
  [[many], ['remap(), 250 calls']],
  [
    [{ name: 'plan', argumentLists: [[0]], outcomes: [{ threw }] }],
    ['plan(0) -> threw RangeError: not\\u001b 0'],
  ],
  [[{ name: 'plan', argumentLists: [[0]], outcomes: [] }], ['plan(0) -> nothing came back']],
  [[], []],
])('in a few lines: %#', (trips, lines) => {
  expect(callLines(trips)).toEqual(lines)
})

test('the file tells every call, and of very many the first hundred', () => {
  const text = callLog([trip('plan', [{ rows: ['one', 'two'] }], { rows: 2 }), many])
  expect(text.split('\n\n').slice(0, 3)).toEqual([
    "plan({ rows: [ 'one', 'two' ] }) -> { rows: 2 }",
    'remap(0) -> 0.5',
    'remap(1) -> 1.5',
  ])
  expect(text).toMatch(/remap\(99\) -> 99\.5\n\n\.\.\. 150 more calls of remap\(\)\n\n$/)
})

test('a large value does not make a large file', () => {
  const rows = Array.from({ length: 1e4 }, (_, n) => ({ n, text: 'x'.repeat(1000) }))
  const large = { text: 'x'.repeat(1e6), holes: new Array(4e9), rows }
  expect(callLog([trip('f', [large, large], large)]).length).toBeLessThan(31_000)
  const often = Array.from({ length: 300 }, () => trip('f', [large], large))
  expect(callLog(often).length).toBeLessThan(1_100_000)
  expect(callLines([trip('f', [large], large)])).toEqual(['f(), 1 call'])
})

test('a file is for what the lines leave out', () => {
  const whole = (trips: Trip[]) => areWhole(callLines(trips), trips)
  expect(whole([trip('a', [1], 2)])).toBe(true)
  expect(whole([trip('a', ['x'.repeat(90)], 2)])).toBe(false)
  expect(whole([many])).toBe(false)
  expect(whole(Array.from({ length: 4 }, () => trip('a', [1], 2)))).toBe(false)
})

test('of very many the last hundred are kept', () => {
  const trips: Trip[] = []
  for (let n = 0; n < 250; n++) keepTrip(trips, trip('f', [n], n))
  expect(trips.map(({ argumentLists }) => argumentLists[0]?.[0])).toEqual(
    Array.from({ length: 100 }, (_, n) => 150 + n),
  )
})
