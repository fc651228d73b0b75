import { expect, test } from 'vitest'
import { readFromPorter } from '../../answer/porter-messages.ts'

const bytes = new Uint8Array([1])

test.each([
  [{ kind: 'connect', channel: 16, port: 9092 }],
  [{ kind: 'data', channel: 4, bytes }],
  [{ kind: 'end', channel: 17 }],
  [{ kind: 'exit', code: 0, signal: null }],
  [{ kind: 'exit', code: null, signal: 'SIGKILL' }],
])('%j is understood', (message) => {
  expect(readFromPorter(message)).toEqual(message)
})

test.each([
  [null],
  ['exit'],
  [{}],
  [{ kind: 'kill' }],
  [{ kind: 'data', channel: 4, bytes: 'text' }],
  [{ kind: 'data', channel: -1, bytes }],
  [{ kind: 'data', channel: 1.5, bytes }],
  [{ kind: 'connect', channel: 16 }],
  [{ kind: 'connect', channel: 16, port: '9092' }],
  [{ kind: 'end' }],
])('%j is not, and nothing happens', (message) => {
  expect(readFromPorter(message)).toBeNull()
})

test('an exit keeps nothing but a code and a signal', () => {
  expect(readFromPorter({ kind: 'exit', code: 'x', signal: 9, more: 1 })).toEqual({
    kind: 'exit',
    code: null,
    signal: null,
  })
})
