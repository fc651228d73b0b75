import { expect, test } from 'vitest'
import { plain, wrap } from '../../report/style.ts'
import { reportExercise } from '../../report/terminal.ts'
import type { CheckResult, ExerciseResult, WireLine } from '../../result.ts'

const LOOK = { colour: false, width: 100, ticks: true }
const CONTEXT = {
  broker: 'embedded' as const,
  seed: 4181,
  root: '/book',
  cwd: '/book',
  allWire: false,
  next: '05-partition-for-key',
}

function check(id: string, title: string, more: Partial<CheckResult>): CheckResult {
  return {
    id: `03-produce-event/${id}`,
    title,
    verdict: 'passed',
    after: [],
    stretch: false,
    points: 1,
    durationMs: 9,
    wire: [],
    ownership: [],
    logs: [],
    ...more,
  }
}

function result(verdict: ExerciseResult['verdict'], checks: CheckResult[]): ExerciseResult {
  const answer = {
    kind: 'exercise' as const,
    path: 'exercises/03-produce-event/produce-event.ts',
    hash: '9c1e02',
  }
  return { exercise: '03-produce-event', answer, verdict, durationMs: 912, checks }
}

function wire(count: number, marked: number): WireLine[] {
  return Array.from({ length: count }, (_, n) => ({
    atMs: n,
    lane: '1',
    api: 'Produce',
    text: `partition ${n}`,
    marked: n === marked,
  }))
}

const failing = result('failed', [
  check('stored', 'The broker stores the event', {}),
  check('key', 'Events of one order share a partition because they share a key', {
    verdict: 'failed',
    mistake: {
      id: 'null-key',
      sentence: 'A record without a key may go to any partition: one order gets scattered.',
    },
    expected: '"ORD-1042"',
    actual: 'null',
    at: { file: '/book/exercises/03-produce-event/produce-event.ts', line: 7, within: 'encode' },
    wire: wire(30, 20),
    logs: [
      {
        stream: 'stdout',
        text: 'sent\u001b[2J!',
        at: { file: '/book/exercises/03-produce-event/produce-event.ts', line: 9 },
      },
    ],
  }),
  check('value', 'The value is the whole event', { verdict: 'blocked' }),
  check('acks', 'The leader waits', { verdict: 'blocked' }),
])

test('a failed run names the mistake, the place, the wire and the next step', () => {
  const text = reportExercise(failing, CONTEXT, LOOK).join('\n')
  expect(text).toMatch(/^\n {2}FAILED {2}03 produce-event +embedded Kafka · 0\.9 s\n/)
  expect(text).toContain('    ✓ The broker stores the event\n')
  expect(text).toContain('    ✗ Events of one order share a partition because they share a key\n')
  expect(text).toContain('        mistake  null-key\n        A record without a key may go to any partition')
  expect(text).toContain('expected      "ORD-1042"')
  expect(text).toContain('look at       encode(), exercises/03-produce-event/produce-event.ts:7')
  expect(text).toContain('· 2 more checks after this      npm run hint 03      seed 4181 · file 9c1e02')
})

test('the marked line of the wire is in sight, and what is left out is counted', () => {
  const lines = reportExercise(failing, CONTEXT, LOOK)
  expect(lines.filter((line) => line.includes('>    20 ms  Produce  partition 20'))).toHaveLength(1)
  expect(lines.filter((line) => / ms {2}Produce {2}partition \d+$/.test(line))).toHaveLength(8)
  expect(lines.join('\n')).toContain('... 22 more lines: add -- --wire')
})

test('a fact that is longer than a line has one more, so that its end is seen', () => {
  const text = `topic orders  partition 1  acks -1  key "ORD-1"  -> offset 0  ${'header '.repeat(5)} timestamp 2026`
  const long = { atMs: 7, lane: '1', api: 'Produce', text, marked: false }
  const run = result('failed', [check('stored', 'The broker stores it', { verdict: 'failed', wire: [long] })])
  const lines = reportExercise(run, CONTEXT, LOOK)
  const at = lines.findIndex((line) => line.includes('7 ms  Produce  topic orders'))
  expect(lines[at]).not.toContain('...')
  expect(lines[at + 1]).toMatch(/^ {20,}.*timestamp 2026$/)
  expect(lines.filter((line) => line.length > LOOK.width)).toEqual([])
})

test('what the answer printed is labelled with its line and cannot move the cursor', () => {
  const text = reportExercise(failing, CONTEXT, LOOK).join('\n')
  expect(text).toContain('produce-event.ts:9  sent!')
})

test('no file name can move the cursor', () => {
  const hostile = result('failed', [
    check('stored', 'The broker stores the event', {
      verdict: 'failed',
      at: { file: '/book/\u001b[2J.ts', line: 1 },
      logs: [{ stream: 'stdout', text: 'sent', at: { file: '/book/\u001b[2J.ts', line: 2 } }],
    }),
  ])
  hostile.answer = { kind: 'file', path: '\u001b[2J.ts', hash: '9c1e02' }
  expect(reportExercise(hostile, CONTEXT, LOOK).join('\n')).not.toContain('\u001b')
})

test('the reason why nothing could be judged is told before what failed as well', () => {
  const failed = check('stored', 'The broker stores the event', { verdict: 'failed', message: 'not stored' })
  const broken = check('key', 'The key is the order', { verdict: 'error', message: 'No broker answers.' })
  const text = reportExercise(result('error', [failed, broken]), CONTEXT, LOOK).join('\n')
  expect(text).toMatch(/! The key is the order\n {8}No broker answers\.\n/)
  expect(text).toContain('This says nothing about your code')
})

test('not written says what to edit, and nothing of a failure', () => {
  const todo = result('not written', [
    check('stored', 'The broker stores the event', {
      verdict: 'failed',
      notWritten: true,
      message: 'TODO encode: turn the event into a message',
      at: { file: '/book/exercises/03-produce-event/produce-event.ts', line: 12 },
    }),
  ])
  const text = reportExercise(todo, CONTEXT, LOOK).join('\n')
  expect(text).toContain('NOT WRITTEN  03 produce-event')
  expect(text).toContain('not written yet: TODO encode')
  expect(text).toContain('edit          exercises/03-produce-event/produce-event.ts:12')
})

test('without ticks, words stand in their place', () => {
  const text = reportExercise(failing, CONTEXT, { ...LOOK, ticks: false }).join('\n')
  expect(text).toContain('    passed  The broker stores')
  expect(text).not.toMatch(/[✓✗]/)
})

test('lines stay inside a narrow terminal', () => {
  const lines = reportExercise(failing, CONTEXT, { ...LOOK, width: 60 })
  expect(lines.filter((line) => line.length > 60)).toEqual([])
})

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a window title', '\u001b]0;title\u0007text', 'text'],
  ['a clipboard write', '\u001b]52;c;Zm9v\u001b\\text', 'text'],
  ['control characters', 'a\u0000\u0008b\u009bc', 'abc'],
  ['a tab and a line break stay', 'a\tb\nc', 'a\tb\nc'],
])('plain() removes %s', (_, text, safe) => expect(plain(text)).toBe(safe))

test('wrap() keeps every word and the width', () => {
  const text = 'one two three four five sixandaverylongwordthatdoesnotfit seven'
  const lines = wrap(text, 12)
  expect(lines.join(' ')).toBe(text)
  expect(lines.filter((line) => line.length > 12)).toEqual(['sixandaverylongwordthatdoesnotfit'])
})

test('of a pure answer the calls are shown, and where they stand in full', () => {
  const check05 = check('even', 'A short call is shown as it is, and a file has the others', {
    verdict: 'failed',
    message: 'Something is odd.',
    calls: ['idle(2, 3) -> 1', 'remap(), 36 calls'],
    callFile: '.workbook/logs/05-partition-for-key/even.calls.txt',
  })
  const lines = reportExercise(result('failed', [check05]), { ...CONTEXT, broker: null }, LOOK)
  const at = lines.indexOf('        called        idle(2, 3) -> 1')
  expect(lines.slice(at + 1, at + 3)).toEqual([
    '                      remap(), 36 calls',
    '        in full       .workbook/logs/05-partition-for-key/even.calls.txt',
  ])
})
