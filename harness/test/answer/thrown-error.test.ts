import { expect, test } from 'vitest'
import { toThrownError } from '../../answer/thrown-error.ts'

const files = { answerFile: '/book/send.ts', scenesFile: null }

test("keeps the code, Kafka's name of the error and the cause", () => {
  const cause = Object.assign(new Error('not enough'), { type: 'NOT_ENOUGH_REPLICAS', code: 19 })
  const error = Object.assign(new TypeError('gave up', { cause }), {
    stack: 'x\n    at send (/book/send.ts:3:4)',
  })
  expect(toThrownError(error, files)).toMatchObject({
    name: 'TypeError',
    message: 'gave up',
    at: { file: '/book/send.ts', line: 3, column: 4, within: 'send' },
    cause: { message: 'not enough', type: 'NOT_ENOUGH_REPLICAS', code: '19' },
  })
})

test.each([
  ['a string', 'boom', "'boom' was thrown, which is not an Error"],
  ['null', null, 'null was thrown, which is not an Error'],
  ['a function', () => 1, /was thrown, which is not an Error$/],
  ['an object whose getters throw', hostile(), /was thrown, which is not an Error$/],
])('%s is no Error', (_, thrown, message) => {
  expect(toThrownError(thrown, files).message).toMatch(message)
})

test('an Error whose fields throw, lie or go in circles is still described', () => {
  const error = new Error('fine')
  Object.defineProperty(error, 'stack', { get: () => hostileThrow() })
  Object.defineProperty(error, 'code', { get: () => hostileThrow() })
  Object.defineProperty(error, 'name', { value: 12 })
  Object.defineProperty(error, 'cause', { value: error })
  const thrown = toThrownError(error, files)
  expect(thrown).toMatchObject({ name: 'Error', message: 'fine', stack: '' })
  expect(JSON.stringify(thrown).match(/"cause"/g)).toHaveLength(5)
})

function hostile(): object {
  return new Proxy({}, { get: hostileThrow, getPrototypeOf: hostileThrow, ownKeys: hostileThrow })
}

function hostileThrow(): never {
  throw new Error('no entry')
}
