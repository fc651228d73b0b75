import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomFrom } from '../../check/random.ts'
import { describePair } from '../../check/values.ts'

test('values are told apart by their type', () => {
  expect(describePair('3', 3)).toEqual({ expected: '"3"', actual: '3' })
  expect(describePair(3n, undefined)).toEqual({ expected: '3n', actual: 'undefined' })
})

test('two large objects are shown by what differs', () => {
  const table = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key-${at}`, at]))
  expect(describePair(table, { ...table, 'key-7': 70 })).toEqual({
    expected: "{ 'key-7': 7 }",
    actual: "{ 'key-7': 70 }",
  })
})

test('matchers are shown as they are called', () => {
  const expected = [
    { outcome: 'refused', reason: expect.any(String), topic: expect.stringMatching(/^orders/) },
  ]
  const text = describePair(expected, []).expected
  expect(text).toContain('Any<String>')
  expect(text).not.toContain('asymmetric')
})

test('the first difference stays in sight', () => {
  const long = 'x'.repeat(5000)
  const { expected, actual } = describePair(`${long}A${long}`, `${long}B${long}`)
  expect(expected).toContain('A')
  expect(actual).toContain('B')
  expect(expected.length).toBeLessThan(300)
})

test.each([
  ['a zero-width space', 'ORD-1042', 'ORD-1042\u200b', '"ORD-1042\\u200b"'],
  ['a no-break space', 'Ann Lee', 'Ann\u00a0Lee', '"Ann\\u00a0Lee"'],
  ['a byte order mark', '{}', '\ufeff{}', '"\\ufeff{}"'],
  ['marks that turn the text', 'ab', '\u202eba', '"\\u202eba"'],
  ['a mark of five digits', 'tag', 'tag\u{e0041}', '"tag\\u{e0041}"'],
  ['a line end', 'line', 'line\r\n', '"line\\r\\n"'],
  ['an accent of its own', 'caf\u00e9', 'cafe\u0301', '"cafe\\u0301"'],
  ['letters of full width', 'ORD', 'ＯＲＤ', '"\\uff2f\\uff32\\uff24"'],
  ['one within an object', { id: 'a b' }, { id: 'a\u2009b' }, "{ id: 'a\\u2009b' }"],
])('%s is shown', (_, expected, actual, shown) => {
  expect(describePair(expected, actual).actual).toBe(shown)
})

test('letters of any language stay as they are, where they can be told apart', () => {
  expect(describePair('zażółć 書　名 📚', 'zolc')).toEqual({
    expected: '"zażółć 書　名 📚"',
    actual: '"zolc"',
  })
})

const lookingAlike = fc.string({
  unit: fc.constantFrom('a', ' ', '\u00a0', '\u200b', '\u200f', '\u00e9', 'e\u0301', '\n', '"', '\ud83d'),
  maxLength: 12,
})

test('two texts that differ are never shown alike', () => {
  fc.assert(
    fc.property(lookingAlike, lookingAlike, (one, other) => {
      fc.pre(one !== other)
      const { expected, actual } = describePair(one, other)
      expect(expected.normalize('NFKC')).not.toBe(actual.normalize('NFKC'))
      expect(expected + actual).toMatch(/^[ -~\u00c0-\u036f]*$/)
    }),
  )
})

test('the same seed and check give the same input, others give other input', () => {
  const draw = (seed: number, name: string) => {
    const random = randomFrom(seed, name)
    return [random.int(0, 1e9), random.orderId(), random.text(20), random.bytes(8).toString('hex')].join(' ')
  }
  expect(draw(1, 'a')).toBe(draw(1, 'a'))
  expect(new Set([draw(1, 'a'), draw(2, 'a'), draw(1, 'b')]).size).toBe(3)
})

test('random numbers stay in their range and reach both ends', () => {
  const random = randomFrom(7, 'range')
  const drawn = Array.from({ length: 2000 }, () => random.int(3, 6))
  expect([...new Set(drawn)].sort()).toEqual([3, 4, 5, 6])
  expect(random.shuffle([1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5])
})
