import { expect, test } from 'vitest'
import { readReport, readWatchdogReport } from '../../answer/child-messages.ts'

test.each([
  [null],
  ['returned'],
  [{}],
  [{ kind: 'go', number: 1 }],
  [{ kind: 'returned', value: 'not bytes' }],
  [{ kind: 'threw', thrown: 'text' }],
  [{ kind: 'output', stream: 'stdin', text: 'x' }],
  [{ kind: 'output', stream: 'stdout', text: 5 }],
  [{ kind: 'pause', number: '1', label: 'x', detail: new Uint8Array() }],
  [{ kind: 'inspector', open: 1 }],
])('%j is no report', (message) => {
  expect(readReport(message)).toBeNull()
})

test('a thrown error keeps only what it may have, cut to size and depth', () => {
  const deep = { name: 'E', message: 'x'.repeat(50_000), code: 5, at: { file: '/a.ts', line: 3, extra: 1 } }
  const circular: Record<string, unknown> = { ...deep, more: 'ignored' }
  circular.cause = circular
  const report = readReport({ kind: 'threw', thrown: circular })
  expect(report).toMatchObject({
    kind: 'threw',
    thrown: { name: 'E', stack: '', at: { file: '/a.ts', line: 3 } },
  })
  const text = JSON.stringify(report)
  expect(text).not.toMatch(/ignored|extra|"code"/)
  expect(text.length).toBeLessThan(200_000)
})

test('the watchdog is believed only in its own words', () => {
  expect(readWatchdogReport({ kind: 'turning' })).toEqual({ kind: 'turning' })
  expect(readWatchdogReport({ kind: 'blocked', frames: [{ url: 'x', line: 1 }] })).toBeNull()
  expect(readWatchdogReport({ kind: 'memory' })).toBeNull()
})
