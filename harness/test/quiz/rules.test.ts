import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lintQuiz } from '../../quiz/lint.ts'
import { readQuiz } from '../../quiz/read-quiz.ts'
import { ANSWER_CASES } from './rules/answer-cases.ts'
import { BOOK, LINT_CASES, WELL_WRITTEN, WRITING_CASES } from './rules/lint-cases.ts'
import { QUIZ_CASES } from './rules/quiz-cases.ts'
import { HEAD, places } from './rules/rule-case.ts'

/** Told when programs are run: execute.test.ts. */
const ELSEWHERE = ['key']

const READING_CASES = [...QUIZ_CASES, ...ANSWER_CASES]

describe('reading tells one line and one rule', () => {
  test.each(READING_CASES)('$rule: $what', ({ rule, source, line }) => {
    expect(places(readQuiz(source, 't').problems)).toEqual([`${line} error ${rule}`])
  })

  test.each(READING_CASES)('$rule: $what, with the line ends of Windows', ({ rule, source, line }) => {
    expect(places(readQuiz(`\uFEFF${source.replaceAll('\n', '\r\n')}`, 't').problems)).toEqual([
      `${line} error ${rule}`,
    ])
  })
})

describe('the linter tells one line and one rule', () => {
  const linted = [
    ...LINT_CASES.map((one) => ({ ...one, level: 'error' })),
    ...WRITING_CASES.map((one) => ({ ...one, level: 'warning' })),
  ]

  test.each(linted)('$level $rule: $what', ({ rule, source, line, level }) => {
    const { quiz, problems } = readQuiz(source, 't')
    expect(places(problems)).toEqual([])
    expect(places(lintQuiz(quiz, BOOK))).toEqual([`${line} ${level} ${rule}`])
  })

  test.each(WELL_WRITTEN)('nothing about %s', (_, question) => {
    const { quiz, problems } = readQuiz(`${HEAD}${question}`, 't')
    expect([...places(problems), ...places(lintQuiz(quiz, BOOK))]).toEqual([])
    expect(quiz.questions).toHaveLength(1)
  })
})

test('every rule that the source names has a case', () => {
  const folders = ['quiz', 'markdown'].map((name) => new URL(`../../${name}/`, import.meta.url))
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8')),
  )
  const told = /(?:\b(?:refuse|problem|error|warning)\(\s*(?:[\w.+ ]+,\s*)?|rule: )'([a-z-]+)'/g
  const rules = new Set(sources.flatMap((source) => [...source.matchAll(told)].map(([, rule]) => rule)))
  const cases = [...READING_CASES, ...LINT_CASES, ...WRITING_CASES].map(({ rule }) => rule)
  expect(rules.size).toBeGreaterThan(40)
  expect([...rules].sort()).toEqual([...new Set([...cases, ...ELSEWHERE])].sort())
})

test('a question with an error is left out, and the others stay', () => {
  const source = `${HEAD}
## Bad
<!-- q id=bad points=0 -->

Asked?

- [x] Yes
- [ ] No

## Good
<!-- q id=good -->

Asked?

- [x] Yes
- [ ] No
`
  const { quiz, problems } = readQuiz(source, 't')
  expect(places(problems)).toEqual(['9 error value'])
  expect(quiz.questions.map(({ id, line }) => ({ id, line }))).toEqual([{ id: 'good', line: 16 }])
})
