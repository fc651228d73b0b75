import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { wrongIdeas } from '../../quiz/lint.ts'
import { idsTwice } from '../../quiz/read-file.ts'
import { lintQuizzes } from '../../verify/quizzes.ts'
import { FILES, QUESTIONS, questionsOf, ROOT } from './shipped.ts'

/** Rows of a table of `docs/` whose first column counts them. */
function rowsOf(name: string): string[][] {
  const text = readFileSync(path.join(ROOT, 'docs', name), 'utf8')
  return [...text.matchAll(/^\| (\d+ \|.*)\|$/gm)].map(([, row = '']) =>
    row.split(' |').map((cell) => cell.trim()),
  )
}

const hasQuiz = (name: string) => existsSync(path.join(ROOT, 'quizzes', `${name}.md`))
const share = (part: number, whole: number) => part / whole

describe('the quizzes of the workbook', () => {
  test('are all read', () => {
    const names = readdirSync(path.join(ROOT, 'quizzes')).filter((name) => name.endsWith('.md'))
    expect(FILES.map(({ file }) => path.basename(file))).toEqual(names.sort())
    expect(FILES.length).toBeGreaterThanOrEqual(10)
  })

  test('have no error and no warning', async () => {
    const linted = await lintQuizzes(ROOT, {})
    const said = linted.flatMap(({ file, problems }) =>
      problems.map(({ line, rule, message }) => `${path.basename(file)}:${line} ${rule} ${message}`),
    )
    expect(said).toEqual([])
  })

  test('are read completely: every heading of a question is one', () => {
    for (const { file, quiz } of FILES) {
      const source = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
      expect(quiz.questions.length, file).toBe(source.match(/^## /gm)?.length)
    }
  })

  test('have ids that are unique', () => {
    const ids = QUESTIONS.map(({ id }) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) < at)).toEqual([])
    expect(idsTwice(FILES).size).toBe(0)
  })

  test('ask for one answer at most half of the time', () => {
    expect(share(questionsOf('single').length, QUESTIONS.length)).toBeLessThanOrEqual(0.5)
  })

  test('say of every option why it is right or wrong, and of every question why, with a source', () => {
    const options = questionsOf('single', 'multiple').flatMap((one) => one.options)
    expect(options.filter(({ feedback }) => feedback.length === 0)).toEqual([])
    expect(QUESTIONS.filter(({ explanation, source }) => explanation.length === 0 || !source)).toEqual([])
  })

  test.each(['first', 'last'] as const)('have the %s option right less than half of the time', (place) => {
    const single = questionsOf('single')
    const right = single.filter(({ options }) => options.at(place === 'first' ? 0 : -1)?.isRight)
    expect(share(right.length, single.length)).toBeLessThan(0.5)
  })
})

describe('what is often said', () => {
  const rows = rowsOf('often-said.md').map(([number, said, , quiz = '']) => ({ number, said, quiz }))
  const claims = rows.filter(({ quiz }) => !/^left out: \w+/.test(quiz))
  const used = new Set(QUESTIONS.flatMap(wrongIdeas).map(({ claim }) => claim))

  test('is counted without a gap', () => {
    expect(rows.map(({ number }) => Number(number))).toEqual(rows.map((_, at) => at + 1))
    expect(claims.length).toBeGreaterThan(40)
  })

  test('names quizzes that are there, or a reason', () => {
    expect(claims.filter(({ quiz }) => !hasQuiz(quiz))).toEqual([])
  })

  test.each(claims)('$number is a wrong option of a quiz: $said', ({ number }) => {
    expect(used).toContain(Number(number))
  })
})

describe('the concepts of the course', () => {
  const rows = rowsOf('concept-map.md')
  const named = new Set(
    rows.flatMap((row) => row.at(-1) ?? []).filter((quiz) => quiz !== '' && quiz !== 'all'),
  )

  test('have their quizzes', () => {
    expect(rows.length).toBeGreaterThan(100)
    expect([...named].filter((quiz) => !hasQuiz(quiz))).toEqual([])
  })

  test('and every quiz has a concept', () => {
    expect(FILES.map(({ quiz }) => quiz.id).filter((id) => !named.has(id))).toEqual([])
  })
})
