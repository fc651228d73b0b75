import { expect, test } from 'vitest'
import { placeInStack } from '../../answer/place.ts'

const files = { answerFile: '/book/my answers (2)/send.ts', scenesFile: '/book/send.scenes.ts' }

test.each([
  [
    'a function',
    '    at encode (/book/my answers (2)/send.ts:7:11)',
    { line: 7, column: 11, within: 'encode' },
  ],
  [
    'a method',
    '    at Tracker.done (/book/my answers (2)/send.ts:7:11)',
    { line: 7, column: 11, within: 'Tracker.done' },
  ],
  ['an async function', '    at async encode (/book/my answers (2)/send.ts:7:11)', { within: 'encode' }],
  ['the top level', '    at /book/my answers (2)/send.ts:3:1', { line: 3, column: 1 }],
  ['a file URL', '    at encode (file:///book/my%20answers%20(2)/send.ts:7:11)', { line: 7 }],
])('finds %s', (_, frame, place) => {
  const stack = `Error: no\n    at node:internal/timers:1:2\n${frame}\n    at scene (/book/send.scenes.ts:1:1)`
  expect(placeInStack(stack, files)).toMatchObject({ file: files.answerFile, ...place })
})

test('prefers the answer to a scene that comes earlier, and the scene to nothing', () => {
  const scene = '    at oneOrder (/book/send.scenes.ts:5:3)'
  const answer = '    at encode (/book/my answers (2)/send.ts:7:11)'
  expect(placeInStack(`Error\n${scene}\n${answer}`, files)?.file).toBe(files.answerFile)
  expect(placeInStack(`Error\n${scene}`, files)).toEqual({
    file: files.scenesFile,
    line: 5,
    column: 3,
    within: 'oneOrder',
  })
  expect(placeInStack('Error\n    at x (/book/other.ts:5:3)', files)).toBeUndefined()
})
