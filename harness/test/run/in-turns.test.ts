import { expect, test } from 'vitest'
import { inTurns } from '../../run/in-turns.ts'

test('every kind has its turn, and each keeps its order', () => {
  const items = ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']
  expect(inTurns(items, (item) => item[0] as string)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
})
