import { expect, test } from 'vitest'
import type { OpenedRequest } from '../../../kafka/wiretap/open-frame.ts'
import { Recorder } from '../../../kafka/wiretap/recorder.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'

const opened: OpenedRequest = {
  header: null,
  api: null,
  name: 'Heartbeat',
  body: {},
  unread: null,
  heldBytes: 0,
}

function numbers(recorder: Recorder): number[] {
  return recorder.exchanges.map(({ number }) => number)
}

test('a journal that is full keeps its beginning and says that it was cut', () => {
  const recorder = new Recorder({ exchanges: 3, bytes: 1_000 })
  for (let one = 0; one < 10; one++) recorder.request('lane', 1, { ...opened, heldBytes: 1 })
  expect(numbers(recorder)).toEqual([1, 2, 3, 4])
  expect(recorder.exchanges[3]).toMatchObject({ api: 'Journal', request: null })
  expect(strip(recorder.exchanges).at(-1)?.text).toMatch(/^the journal ends here: it keeps 3 exchanges/)
})

test('large frames fill it, too, and nothing enters after the cut', () => {
  const recorder = new Recorder({ exchanges: 100, bytes: 1_000 })
  recorder.request('lane', 1, { ...opened, heldBytes: 900 })
  recorder.request('lane', 1, { ...opened, heldBytes: 200 })
  recorder.request('lane', 1, { ...opened, heldBytes: 10 })
  expect(numbers(recorder)).toEqual([1, 2])
  expect(recorder.exchanges[1]?.api).toBe('Journal')
})

test('an answer that does not fit is left out in words', () => {
  const recorder = new Recorder({ exchanges: 100, bytes: 1_000 })
  const exchange = recorder.request('lane', 1, { ...opened, heldBytes: 500 })
  recorder.answer(exchange, { large: true }, 600)
  expect(exchange).toMatchObject({ response: null, unread: 'the answer was not kept: the journal is full' })
  expect(exchange.responseAtMs).not.toBeNull()
})
