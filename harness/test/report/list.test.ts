import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type ListRow, listLines } from '../../report/list.ts'
import { summaryLines } from '../../report/summary.ts'
import type { CheckResult, ExerciseResult, Verdict } from '../../result.ts'

const row = (number: string, title: string, more: Partial<ListRow> = {}): ListRow => ({
  number,
  title,
  kind: 'broker',
  minutes: 25,
  state: 'new',
  holds: 'own',
  paths: ['one day', 'whole book'],
  ...more,
})
const ROWS = [
  row('03', 'One record, done properly', { state: 'passed', paths: ['two hours', 'whole book'] }),
  row('10', 'Be the group leader', { kind: 'pure', minutes: 120, state: 'not written', holds: 'solution' }),
]
const FULL = { colour: false, width: 100, ticks: true }

describe('a list', () => {
  test('in columns', () => {
    expect(listLines(ROWS, FULL)).toEqual([
      '  ✓ 03  One record, done properly  broker   25 min  passed    two hours',
      '  · 10  Be the group leader        pure    120 min  solution  one day',
    ])
  })

  test('in words, for the ear', () => {
    const lines = listLines(ROWS, { ...FULL, ticks: false })
    expect(lines[0]).toMatch(/^ {2}03 {2}One record, done properly {2}broker +25 min {2}passed +two hours$/)
    expect(lines.join('')).not.toMatch(/[^ -~]/)
  })

  test('the paths are the first to go', () => {
    expect(listLines(ROWS, { ...FULL, width: 70 })[0]).toMatch(/25 min {2}passed$/)
  })

  test('in a narrow terminal everything stands below the title', () => {
    const narrow = listLines([row('03', 'One record, done properly and with a longer title')], {
      ...FULL,
      width: 40,
    })
    expect(narrow).toEqual([
      '    03  One record, done properly and',
      '        with a longer title',
      '        broker, 25 min, new',
    ])
  })

  test.each([40, 50, 60, 72, 80, 100, 120])('no line is wider than %i columns', (width) => {
    for (const colour of [false, true]) {
      const lines = listLines(ROWS, { ...FULL, colour, width }).map(stripVTControlCharacters)
      expect(lines.filter((line) => line.length > width)).toEqual([])
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
    }
  })
})

function result(exercise: string, verdict: Verdict, mistakes: string[], durationMs: number): ExerciseResult {
  const checks = mistakes.map((id) => ({ mistake: { id, sentence: '' } }) as CheckResult)
  return { exercise, verdict, durationMs, checks, answer: { kind: 'exercise', path: '', hash: '' } }
}

test('a summary has a line for each exercise, and counts', () => {
  const results = [
    result('03-produce-event', 'passed', [], 940),
    result('04-produce-batch', 'failed', ['acks-0', 'acks-0', 'all-at-once'], 12_340),
    result('05-partition-for-key', 'not written', [], 20),
    result('08-consume-events', 'error', [], 5000),
  ]
  expect(summaryLines(results, FULL)).toEqual([
    '',
    '  03-produce-event      passed         0.9 s',
    '  04-produce-batch      failed        12.3 s  acks-0, all-at-once',
    '  05-partition-for-key  not written    0.0 s',
    '  08-consume-events     not judged     5.0 s',
    '',
    '  1 passed, 1 failed, 1 not written, 1 not judged in 18.3 s',
    '',
  ])
})
