import { expect, test } from 'vitest'
import { NodeNoise, OutputLines } from '../../answer/output-lines.ts'
import type { OutputLine } from '../../result.ts'

test('a line belongs to the call that began it', () => {
  const lines: OutputLine[] = []
  const output = new OutputLines('stdout', (line) => lines.push(line))
  const first = { file: '/a.ts', line: 1 }
  const second = { file: '/a.ts', line: 2 }
  output.add('one', first)
  output.add(' more\r\n\ntwo\nth', second)
  output.end()
  expect(lines).toEqual([
    { stream: 'stdout', text: 'one more', at: first },
    { stream: 'stdout', text: '' },
    { stream: 'stdout', text: 'two', at: second },
    { stream: 'stdout', text: 'th', at: second },
  ])
})

test('what Node says about debuggers and a full heap is not output of the answer', () => {
  const noise = new NodeNoise()
  const covers = (text: string) => noise.covers({ stream: 'stderr', text })
  expect(covers('Debugger attached.')).toBe(true)
  expect(covers('hello')).toBe(false)
  expect(covers('JavaScript heap out of memory')).toBe(false)
  expect(noise.heapFull).toBe(false)
  expect(covers('<--- Last few GCs --->')).toBe(true)
  expect(covers('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory')).toBe(
    true,
  )
  expect(noise.heapFull).toBe(true)
})
