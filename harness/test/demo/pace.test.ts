import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { keepPace, readPace } from '../../demo/pace.ts'

test('a terminal waits for Enter, a pipe for nothing, and --pace is asked first', () => {
  expect(readPace(undefined, true)).toBe('enter')
  expect(readPace(undefined, false)).toBe(0)
  expect(readPace('enter', false)).toBe('enter')
  expect(readPace('2.5', true)).toBe(2.5)
  for (const wrong of ['', 'slow', '-1', '1e9']) expect(() => readPace(wrong, true)).toThrow('--pace takes')
})

test('Enter goes on, once for each press', async () => {
  const input = new PassThrough()
  const first = keepPace('enter', input)
  input.write('\n')
  await first
  let second = false
  const waiting = keepPace('enter', input).then(() => {
    second = true
  })
  expect(second).toBe(false)
  input.write('\n')
  await waiting
})

test('the end of the input goes on, and so does everything after it', async () => {
  const input = new PassThrough()
  const waiting = keepPace('enter', input)
  input.end()
  await waiting
  await keepPace('enter', input)
})
