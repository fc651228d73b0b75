import { describe, expect, test } from 'vitest'
import { plainText } from '../../../markdown/content.ts'
import { toGift } from '../../../quiz/export/gift.ts'
import { blocksToHtml, inlinesToHtml } from '../../../quiz/export/html.ts'
import { readWanted } from '../../../quiz/quantity.ts'
import type { Question, Quiz } from '../../../quiz/question.ts'
import { readQuiz } from '../../../quiz/read-quiz.ts'
import { type GiftAnswer, type GiftQuestion, readGift } from './read-gift.ts'
import { sample, sampleQuiz, shippedQuizzes } from './sample.ts'

function read(quiz: Quiz) {
  const { content, refused } = toGift(quiz)
  return { questions: readGift(content), refused }
}

function giftOf(id: string): GiftQuestion {
  const question = read(sampleQuiz()).questions.find((one) => one.id === id)
  if (!question) throw new Error(`${id} was not written`)
  return question
}

/** The answers as they have to come back, told by the model alone. */
function wantedAnswers(question: Question): Partial<GiftAnswer>[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.options.map((option) => ({
        text: inlinesToHtml(option.of) + blocksToHtml(option.more),
        feedback: blocksToHtml(option.feedback),
      }))
    case 'match':
      return [
        ...question.pairs.map(({ item, match }) => ({ text: inlinesToHtml(item), match: plainText(match) })),
        ...question.surplus.map((match) => ({ text: '', match: plainText(match) })),
      ]
    case 'numeric':
      return question.rows.map((row) => {
        const { value, tolerance } = readWanted(row.wanted) ?? { value: Number.NaN, tolerance: 0 }
        const text = tolerance > 0 ? `${value}:${tolerance}` : `${value}`
        return { mark: '=', weight: row.credit, text, feedback: inlinesToHtml(row.feedback) }
      })
    case 'text':
      return question.rows.map((row) => ({
        mark: '=',
        weight: row.credit,
        text: row.wanted,
        feedback: inlinesToHtml(row.feedback),
      }))
    default:
      throw new Error(`${question.kind} is not written`)
  }
}

describe('GIFT', () => {
  test.each([sampleQuiz(), ...shippedQuizzes()])('of $id reads back as the quiz', (quiz) => {
    const { questions, refused } = read(quiz)
    const left = quiz.questions.filter(({ id }) => !refused.some(({ question }) => question === id))
    expect(questions.map(({ id }) => id)).toEqual(left.map(({ id }) => id))
    for (const [index, question] of left.entries()) {
      const gift = questions[index] as GiftQuestion
      const unit = question.kind === 'numeric' && question.unit ? `<p>Answer in ${question.unit}.</p>` : ''
      expect(gift.title).toBe(question.title)
      expect(gift.stem).toBe(`[html]${blocksToHtml(question.stem)}${unit}`)
      const source = question.source ? `<p>Source: ${inlinesToHtml(question.source)}</p>` : ''
      expect(gift.general).toBe(blocksToHtml(question.explanation) + source)
      expect(gift.isNumeric).toBe(question.kind === 'numeric')
      const answers = gift.answers.map((one) => ({ ...one, text: one.text.replace('[html]', '') }))
      expect(answers).toMatchObject(wantedAnswers(question))
    }
  })

  test('marks the right option, and gives part of the points by weight', () => {
    const marks = giftOf('one').answers.map(({ mark, weight }) => [mark, weight])
    expect(marks).toEqual([
      ['~', null],
      ['=', null],
      ['~', 50],
    ])
    expect(giftOf('one').answers[0]?.text).toBe('[html][x] is no box: 50 % = half')
  })

  test('weighs several answers so that picking all of them is worth nothing', () => {
    const { answers } = giftOf('several')
    expect(answers.map(({ mark, weight }) => [mark, weight])).toEqual([
      ['~', 33.33333],
      ['~', -50],
      ['~', 33.33333],
      ['~', -50],
      ['~', 33.33333],
    ])
  })

  test('leaves out what it cannot express, by name', () => {
    const { refused } = read(sampleQuiz())
    expect(refused.map(({ question, reason }) => `${question}: ${reason}`)).toEqual([
      'order: GIFT has no questions whose answer is an order',
      'exact: GIFT cannot say that capital letters count',
      'output: GIFT has no answers of several lines that are graded',
    ])
    expect(refused[0]?.line).toBe(sample.split('\n').indexOf('## Order') + 1)
  })

  test.each([
    ['| `secretId $[0]` | 100%', '| `any*thing` | 100%', 'GIFT cannot say the answer any*thing'],
    ['| `secretId $[0]` | 100%', '| `a -> b` | 100%', 'GIFT cannot say the answer a -> b'],
    ['| `secret.id+` | 25%', '| `secret.id+` | 37%', 'Moodle has no weight of 37 percent'],
    ['| `-5555` | 0%', '| `5 d` | 0%', 'GIFT cannot say the answer 5 d'],
    ['<!-- credit=50% claim=7 -->', '<!-- credit=51% -->', 'Moodle has no weight of 51 percent'],
  ])('refuses %s made %s', (from, to, reason) => {
    const { quiz } = readQuiz(sample.replace(from, to), 'sample')
    expect(toGift(quiz).refused.map((one) => one.reason)).toContain(reason)
  })
})
