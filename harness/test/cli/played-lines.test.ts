import { expect, test } from 'vitest'
import { playedLines } from '../../cli/play.ts'

const LOOK = { colour: false, width: 60, ticks: true }

test('a value that needs several lines is several lines, each with its indent', () => {
  const returned = {
    topic: 'orders',
    records: ['a long first value', 'a long second value', 'a long third value'],
  }
  const lines = playedLines({ returned, printed: [], wire: [], ownership: [] }, { cwd: '/', look: LOOK })
  expect(lines.filter((line) => line.includes('\n'))).toEqual([])
  const shown = lines.slice(0, lines.indexOf(''))
  expect(shown.length).toBeGreaterThan(2)
  expect(shown[0]).toBe('  The scene returned {')
  expect(shown.every((line) => line.startsWith('  '))).toBe(true)
})
