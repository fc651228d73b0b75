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
