import { describe, expect, test } from 'vitest'
import { mergeGrades, withSameTexts } from '../../grade/assemble.ts'
import { codeHash } from '../../grade/code-hash.ts'
import { diffGrades, diffWays } from '../../grade/diff-grades.ts'
import { type Grades, totalOf } from '../../grade/grades.ts'
import { progressLine } from '../../grade/judge-class.ts'
import { markOf, planOf } from '../../grade/mark.ts'
import { byHand, check, graded, grades, PLAN, result, student } from './sample-grades.ts'
import { EXERCISES } from './shipped-exercises.ts'

describe('points', () => {
  test('of the checks that passed; stretch apart', () => {
    const all = result(check('stored', 'passed'), check('key', 'passed'), check('more', 'passed'))
    expect(markOf(PLAN, all)).toEqual({ status: 'graded', points: 4, stretchPoints: 2 })
    const some = result(check('stored', 'passed'), check('key', 'failed'), check('more', 'blocked'))
    expect(markOf(PLAN, some)).toEqual({ status: 'graded', points: 1, stretchPoints: 0 })
  })

  test('an error of harness or broker is for a human, and no zero', () => {
    const broken = result(check('stored', 'passed'), check('key', 'error', { message: 'the broker is gone' }))
    expect(markOf(PLAN, broken)).toEqual({
      status: 'by hand',
      reason: 'could not be judged: the broker is gone',
    })
    expect(markOf(PLAN, { ...result(), verdict: 'error' })).toMatchObject({ status: 'by hand' })
  })

  test('a planned check that is missing, or there twice, is for a human; one that nobody planned is worth nothing', () => {
    const more = check('more', 'passed')
    expect(markOf(PLAN, result(check('key', 'passed'), more))).toMatchObject({ status: 'by hand' })
    const twice = result(check('stored', 'passed'), check('key', 'passed'), check('key', 'passed'), more)
    expect(markOf(PLAN, twice)).toMatchObject({ status: 'by hand' })
    const own = check('own', 'passed', { points: 100 })
    const raised = check('key', 'passed', { points: 100 })
    expect(markOf(PLAN, result(check('stored', 'failed'), raised, more, own))).toMatchObject({ points: 3 })
  })

  test('every exercise has a plan, with the stretch checks apart', () => {
    const plans = EXERCISES.map(planOf)
    expect(plans.filter(({ maxPoints }) => maxPoints < 4)).toEqual([])
    expect(plans.find(({ name }) => name === '10-assign-partitions')).toMatchObject({ maxStretchPoints: 2 })
  })

  test('a total waits for every mark', () => {
    expect(totalOf(student('Ada', graded(3), graded(1)))).toBe(4)
    expect(totalOf(student('Ada', graded(3), byHand))).toBeNull()
  })
})

describe('the same text', () => {
  test('blanks, comments, types and line ends make no difference; names and values do', async () => {
    const one = await codeHash('// a\nexport const f = (a: number) => a + 1\n')
    expect(await codeHash('export const f = (a) =>\r\n  a + 1 /* b */\r\n')).toBe(one)
    expect(await codeHash('export const f = (b: number) => b + 1\n')).not.toBe(one)
    expect(await codeHash('export const f = (a: number) => a + 2\n')).not.toBe(one)
  })

  test('what does not compile is compared as well', async () => {
    expect(await codeHash('const {{\n')).toBe(await codeHash(' const\t{ {'))
    expect(await codeHash('const {{')).not.toBe(await codeHash('const }}'))
  })

  test('both are told of each other', () => {
    const told = { ...graded(1), codeHash: 'same' }
    const all = withSameTexts([student('Ada', told), student('Bob', told), student('Cleo', graded(1))])
    expect(all.map(({ answers }) => answers[0]?.sameTextAs)).toEqual([['bob'], ['ada'], []])
  })
})

describe('parts of a class', () => {
  const told = { ...graded(1), codeHash: 'same' }
  const part = (index: number, of: number, name: string) => ({
    ...grades(student(name, told)),
    shard: { index, of },
    notRecognised: [{ name: 'notes.txt', reason: 'x' }],
  })

  test('become one class, and the same texts are found across them', () => {
    const merged = mergeGrades([part(2, 2, 'Bob'), part(1, 2, 'Ada')])
    expect(merged.shard).toBeNull()
    expect(merged.notRecognised).toHaveLength(1)
    expect(merged.students.map(({ id, answers }) => [id, answers[0]?.sameTextAs])).toEqual([
      ['ada', ['bob']],
      ['bob', ['ada']],
    ])
  })

  test.each([
    [[part(1, 3, 'Ada'), part(3, 3, 'Bob')], 'Part 2 of 3 is missing.'],
    [[part(1, 2, 'Ada'), part(2, 2, 'Bob'), part(2, 2, 'Bob')], 'These are not the parts of one class.'],
    [[grades(student('Ada')), grades(student('Bob'))], 'These are not the parts of one class.'],
    [[part(1, 2, 'Ada'), part(2, 2, 'Ada')], 'ada is in two parts.'],
    [[part(1, 2, 'Ada'), { ...part(2, 2, 'Bob'), seed: 8 }], 'different seeds'],
    [[part(1, 2, 'Ada'), { ...part(2, 2, 'Bob'), mode: 'strict' as const }], 'different modes'],
    [[part(1, 2, 'Ada'), { ...part(2, 2, 'Bob'), workbook: '2' }], 'different versions of the workbook'],
    [[], 'nothing to merge'],
  ])('are refused when they do not belong together (%#)', (parts, why) => {
    expect(() => mergeGrades(parts)).toThrow(why)
  })
})

test('a regrade says which marks have changed, and nothing else', () => {
  const older = grades(student('Ada', graded(1)), student('Bob', byHand), student('Cleo', graded(2)))
  const newer = grades(student('Ada', graded(3)), student('Bob', graded(0)), student('Dan', graded(2)))
  expect(diffGrades(older, newer)).toEqual([
    'ada: 03-produce-event 1 -> 3',
    'bob: 03-produce-event by hand -> 0',
    'cleo: no longer there',
    'dan: new',
  ])
  expect(diffGrades(older, older)).toEqual([])
  expect(diffWays(older, newer)).toEqual([])
})

test('a regrade in another way says so', () => {
  const older = grades(student('Ada', graded(1)))
  const newer: Grades = { ...older, broker: { kind: 'jvm', version: '4.3.1' }, mode: 'strict', seed: 8 }
  expect(diffWays(older, newer)).toEqual([
    'different brokers: embedded 4.x -> jvm 4.3.1',
    'different modes: learn -> strict',
    'different seeds: 7 -> 8',
  ])
})

test('progress tells how long it will take, from what was judged now', () => {
  const progress = { done: 30, all: 120, before: 20, elapsedMs: 5000 }
  expect(progressLine(progress)).toBe('30 of 120 judged (20 by an earlier run), about 45 s left')
  expect(progressLine({ ...progress, elapsedMs: 50_000 })).toContain('about 8 min left')
  expect(progressLine({ ...progress, done: 20 })).toBe('20 of 120 judged (20 by an earlier run)')
  expect(progressLine({ ...progress, done: 120, before: 0 })).toBe('120 of 120 judged')
})
