import { describe, expect, test } from 'vitest'
import { toCsv } from '../../grade/export/csv.ts'
import { feedbackOf } from '../../grade/export/feedback.ts'
import { gradescopeResults } from '../../grade/export/gradescope.ts'
import { junitXml } from '../../grade/export/junit.ts'
import { marksCsv } from '../../grade/export/marks-csv.ts'
import type { GradedAnswer, Grades } from '../../grade/grades.ts'
import { slimResult } from '../../grade/slim-result.ts'
import { readXml } from '../quiz/export/read-xml.ts'
import { schemaProblems } from '../result-schema.ts'
import { byHand, check, graded, grades, PLAN, result, student } from './sample-grades.ts'

const missing: GradedAnswer = {
  exercise: PLAN.name,
  status: 'not handed in',
  points: 0,
  stretchPoints: 0,
  sameTextAs: [],
}
const fault = check('key', 'failed', {
  mistake: { id: 'null-key', sentence: 'A record without a key may go anywhere.' },
  at: { file: '03-produce-event/produce-event.ts', line: 7 },
  actual: 'null ```` \u001b[31m</failure>]]>\u0000\ud800',
})
const some = graded(1, check('stored', 'passed'), fault, check('more', 'blocked'))
const ESCAPE = '\u001b'

describe('CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', "'=1+1"],
    ['\r=1+1', "'=1+1"],
    ['\n  =1+1', "'=1+1"],
    ['＝1+1', "'＝1+1"],
    ['a\r\n=b', 'a =b'],
    ['say "hi", now', 'say ""hi"", now'],
    ['ada', 'ada'],
  ])('%j is written as %j', (text, cell) => {
    expect(toCsv([[text, 4]])).toBe(`"${cell}","4"\r\n`)
  })

  test('a row for each student; a mark that is open is no number', () => {
    const ada = { ...student('=Ada', some), systemId: '7', late: true, notes: ['odd, but true'] }
    const rows = marksCsv(grades(ada, student('Bob', byHand), student('Cleo', missing))).split('\r\n')
    expect(rows[0]).toBe(
      '"student","name","number","03-produce-event (4)","total (4)","stretch","late","notes"',
    )
    expect(rows[1]).toBe(`"'=ada","'=Ada","7","1","1","0","late","odd, but true"`)
    expect(rows[2]).toBe('"bob","Bob","","by hand","by hand","0","","03 by hand: a.zip has a ""password"""')
    expect(rows[3]).toBe('"cleo","Cleo","","0","0","0","","03 not handed in"')
  })
})

test('feedback says what held and what did not, and a student’s words stay words', () => {
  const text = feedbackOf(student('<b>Ada</b> [x](y)', some), [PLAN])
  expect(text).toContain('# \\<b\\>Ada\\</b\\> \\[x\\](y)\n\n**1 of 4 points**')
  expect(text).toContain('## 03-produce-event: 1 of 4')
  expect(text).toContain('- ✓ A record is stored\n')
  expect(text).toContain('  `````text\n  A record without a key may go anywhere. (null-key)\n')
  expect(text).toContain('  look at 03-produce-event/produce-event.ts:7\n  `````')
  expect(text).toContain(
    '- · Something more (beyond what is asked) (not looked at: an earlier one does not hold)',
  )
  expect(text).not.toContain(ESCAPE)
  expect(feedbackOf(student('Ada', missing), [PLAN])).toContain(
    '## 03-produce-event: 0 of 4\n\nNot handed in: no `produce-event.ts` was there.',
  )
  const open = feedbackOf(student('Ada', byHand), [PLAN])
  expect(open).toContain('## 03-produce-event: graded by hand\n\nWhy: a.zip has a "password".')
  expect(open).not.toMatch(/\b0 of|the rest is below/)
})

test('JUnit is XML, whatever an answer has said; errors are apart from failures', () => {
  const xml = junitXml(grades(student('Ada', some), student('Bob', byHand), student('Cleo', missing)))
  expect(() => readXml(xml)).not.toThrow()
  expect(xml).toContain(
    '<testsuite name="ada 03-produce-event" tests="3" failures="1" errors="0" skipped="1"',
  )
  expect(xml).toContain('name="A &lt;key&gt; &amp; its &quot;partition&quot;"')
  expect(xml).toContain('actual null ```` &lt;/failure&gt;]]&gt;')
  expect(xml).toContain('<skipped message="not looked at: an earlier one does not hold"></skipped>')
  expect(xml).toContain('<testsuite name="bob 03-produce-event" tests="1" failures="0" errors="1"')
  expect(xml).toContain('<testsuite name="cleo 03-produce-event" tests="3" failures="3"')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u001b]|[\ud800-\udfff]/)
})

describe('Gradescope', () => {
  const asked: Grades = { ...grades(), mode: 'strict' }

  test('a score for each check; stretch has none', () => {
    const results = gradescopeResults(student('Ada', some), asked)
    expect(results).toMatchObject({
      score: 1,
      visibility: 'visible',
      extra_data: { mode: 'strict', seed: 7 },
    })
    expect(
      results.tests.map(({ number, score, max_score, status }) => [number, score, max_score, status]),
    ).toEqual([
      ['03.1', 1, 1, 'passed'],
      ['03.2', 0, 3, 'failed'],
      ['03.3', undefined, undefined, 'failed'],
    ])
    expect(results.tests[1]?.output).toContain('null-key')
  })

  test('no score at all while a human has to grade, and a zero for what was not handed in', () => {
    const other = { ...PLAN, name: '05-partition-for-key' }
    const both = student('Ada', some, { ...byHand, exercise: other.name })
    const open = gradescopeResults(both, { ...asked, exercises: [PLAN, other] })
    // Gradescope would add up the scores of single tests.
    expect(JSON.stringify(open)).not.toMatch(/"(max_)?score"/)
    expect(open.output).toBe('graded by hand: 05-partition-for-key')
    expect(open.tests.map(({ number, status }) => [number, status])).toEqual([
      ['03.1', 'passed'],
      ['03.2', 'failed'],
      ['03.3', 'failed'],
      ['05.1', undefined],
    ])
    expect(open.tests[0]?.output).toBe('1 of 1 points')
    expect(open.tests[1]?.output).toMatch(/^0 of 3 points\nA record without a key/)
    expect(gradescopeResults(student('Ada', missing), asked)).toMatchObject({
      score: 0,
      tests: [{ score: 0, max_score: 4 }],
    })
  })
})

test('a result is kept without the folder where it was judged', () => {
  const staged = '/tmp/stage/answers/abc/03-produce-event/produce-event.ts'
  const judged = result(
    check('key', 'failed', {
      message: `thrown at ${staged}:3, and again: ${'x'.repeat(5000)}`,
      at: { file: staged, line: 3 },
      logs: Array.from({ length: 20 }, () => ({ stream: 'stdout' as const, text: staged })),
      logFile: '/tmp/stage/log.txt',
    }),
  )
  const slim = slimResult(judged, staged)
  const text = JSON.stringify(slim)
  expect(text).not.toContain('/tmp/stage')
  expect(text.length).toBeLessThan(3000)
  expect(slim.checks[0]?.at?.file).toBe('03-produce-event/produce-event.ts')
})

test('grades.json has its schema, and the schema is strict', () => {
  const whole = grades(student('Ada', some), student('Bob', byHand), student('Cleo', missing))
  const read = JSON.parse(JSON.stringify(whole))
  expect(schemaProblems(read, 'grades.schema.json')).toEqual([])
  read.students[0].answers[0].points = '4'
  read.students[1].answers[0].points = 0
  expect(schemaProblems(read, 'grades.schema.json')).toEqual([
    '$.students[0].answers[0].points: not of type integer',
    '$.students[1].answers[0]: points is not in the schema',
  ])
})
