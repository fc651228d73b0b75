import { expect, test } from 'vitest'
import { dataAsJson } from '../../cli/data-as-json.ts'

const again = (data: unknown) => JSON.parse(dataAsJson(data))

test('what JSON knows is as it was; numbers without bounds, maps and sets become what it knows', () => {
  const data = { offset: 7n, lags: new Map([['orders-0', new Set([1, 2n])]]), none: null, at: new Date(0) }
  expect(again(data)).toEqual({
    offset: '7',
    lags: [['orders-0', [1, '2']]],
    none: null,
    at: '1970-01-01T00:00:00.000Z',
  })
})

test('what holds itself is told where it comes again', () => {
  const record: Record<string, unknown> = { offset: 1 }
  record.list = [{ record }]
  const map = new Map<string, unknown>()
  map.set('self', map)
  const set = new Set<unknown>([{ map }])
  expect(again(record)).toEqual({ offset: 1, list: [{ record: '[circular]' }] })
  expect(again({ map, set })).toEqual({
    map: [['self', '[circular]']],
    set: [{ map: [['self', '[circular]']] }],
  })
})

test('the same thing twice, side by side, is no circle', () => {
  const record = { offset: 1 }
  const data = { first: record, again: [record, new Set([record])] }
  expect(again(data)).toEqual({ first: record, again: [record, [record]] })
})
