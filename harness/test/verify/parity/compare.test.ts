import { describe, expect, test } from 'vitest'
import { type Allowed, judgeDifferences } from '../../../verify/parity/allowed.ts'
import { compareSteps, MISSING } from '../../../verify/parity/compare.ts'

const step = (answer: unknown, request = 'Fetch v11') => ({ request, answer })
const at = { sequence: 'fetch/x', step: 1, request: 'Fetch v11' }

describe('the comparer', () => {
  test('finds nothing where nothing differs', () => {
    expect(compareSteps('fetch/x', [step({ a: [1, { b: null }] })], [step({ a: [1, { b: null }] })])).toEqual(
      [],
    )
  })

  test('names the field', () => {
    const found = compareSteps(
      'fetch/x',
      [step({ a: [{ b: 1 }, { b: 2 }] })],
      [step({ a: [{ b: 1 }, { b: 3 }] })],
    )
    expect(found).toEqual([{ ...at, path: '.a[1].b', embedded: 2, kafka: 3 }])
  })

  test('tells order, length and kind', () => {
    const paths = (embedded: unknown, kafka: unknown) =>
      compareSteps('fetch/x', [step({ a: embedded })], [step({ a: kafka })]).map(({ path }) => path)
    expect(paths([1, 2], [2, 1])).toEqual(['.a[0]', '.a[1]'])
    expect(paths([1], [1, 2])).toEqual(['.a[1]'])
    expect(paths([], null)).toEqual(['.a'])
    expect(paths('1', 1)).toEqual(['.a'])
    expect(paths({}, { b: 1 })).toEqual(['.a.b'])
  })

  test('tells an answer that is missing, and another request', () => {
    expect(compareSteps('fetch/x', [], [step({})])).toEqual([
      { ...at, path: '', embedded: MISSING, kafka: 'Fetch v11' },
    ])
    expect(compareSteps('fetch/x', [step({}, 'Fetch v10')], [step({})])).toHaveLength(1)
  })
})

describe('the list of what is allowed', () => {
  const difference = { ...at, path: '.a', embedded: 1, kafka: 2 }
  const line: Allowed = { entry: '1', sequence: 'fetch/x', step: 1, path: '.a', embedded: 1 }

  test('takes away exactly the difference that it names', () => {
    expect(judgeDifferences([difference], [line])).toEqual({ left: [], allowed: [difference], unused: [] })
    for (const other of [{ path: '.b' }, { step: 2 }, { sequence: 'fetch/y' }, { embedded: 3 }]) {
      const changed = { ...difference, ...other }
      expect(judgeDifferences([changed], [line])).toEqual({ left: [changed], allowed: [], unused: [line] })
    }
  })

  test('tells a line that allows nothing any more', () => {
    expect(judgeDifferences([], [line]).unused).toEqual([line])
  })
})
