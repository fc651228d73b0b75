import { expect, test } from 'vitest'
import { playedLines } from '../../cli/play.ts'

const where = { cwd: '/book', look: { colour: false, width: 60, ticks: true } }

test('what a scene returned is told line by line: watch mode counts the lines of its screen', () => {
  const returned = {
    first: { handled: 5, committed: { 0: '2', 1: '2' } },
    second: { handled: 0, committed: {} },
  }
  const lines = playedLines({ returned, printed: [], wire: [], ownership: [] }, where)
  expect(lines.length).toBeGreaterThan(3)
  expect(lines.filter((line) => line.includes('\n'))).toEqual([])
  expect(lines[0]).toBe('  The scene returned {')
  expect(lines).toContain('  }')
})
