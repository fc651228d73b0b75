import { describe, expect, test } from 'vitest'
import type { AnswerEntry } from '../../quiz/answers.ts'
import { schedule, toReview } from '../../quiz/schedule.ts'
import { answerTo, choiceQuestion, pick, quizOf } from './stats/class-of-learners.ts'

const quiz = quizOf(
  'plan',
  ['a', 'b', 'c', 'd'].map((id) => choiceQuestion(id)),
)
const HOUR = 3_600_000
const START = Date.parse('2026-03-02T10:00:00.000Z')

/** An answer to `id`, so many hours after the start. */
function answer(id: string, isRight: boolean, hours = 0, more: Partial<AnswerEntry> = {}): AnswerEntry {
  const at = new Date(START + hours * HOUR).toISOString()
  return answerTo(quiz, id, pick(quiz, id, isRight ? 'right' : 'wrong'), { at, ...more })
}

/** Hours from the start until `id` is due. */
function hoursUntil(id: string, answers: readonly AnswerEntry[]): number {
  const due = schedule(answers).get(id)
  if (!due) throw new Error(`${id} is not planned`)
  return (due.dueAt.getTime() - START) / HOUR
}

describe('when a question is due', () => {
  test('wrong is due within the hour, right later', () => {
    const [wrong, right] = [hoursUntil('a', [answer('a', false)]), hoursUntil('a', [answer('a', true)])]
    expect(wrong).toBeGreaterThan(0)
    expect(wrong).toBeLessThan(1)
    expect(right).toBeGreaterThan(wrong)
  })

  test('what was right comes on another day, not an hour later', () => {
    expect(hoursUntil('a', [answer('a', true)])).toBeGreaterThan(20)
  })

  test('right again and again is due later and later, up to weeks', () => {
    const answers: AnswerEntry[] = []
    const waits: number[] = []
    for (let at = 0, round = 0; round < 6; round++) {
      answers.push(answer('a', true, at))
      const due = hoursUntil('a', answers)
      waits.push(due - at)
      at = due
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(new Set(waits).size).toBe(waits.length)
    expect(waits.at(-1)).toBeGreaterThan(14 * 24)
  })

  test('a hint or a guess is worth less than right, and more than wrong', () => {
    const hoursAfter = (isRight: boolean, more: Partial<AnswerEntry>) =>
      hoursUntil('a', [answer('a', true, 0), answer('a', true, 48), answer('a', isRight, 240, more)])
    const right = hoursAfter(true, {})
    expect(hoursAfter(true, { confidence: 2 })).toBe(right)
    // Sure and right is no better: one may have guessed.
    expect(hoursAfter(true, { confidence: 3 })).toBe(right)
    for (const less of [{ hinted: true }, { confidence: 1 as const }]) {
      expect(hoursAfter(true, less)).toBeLessThan(right)
      expect(hoursAfter(true, less)).toBeGreaterThan(hoursAfter(false, less))
    }
  })

  test('nearly right is not right', () => {
    const half = answer('a', true, 0, { credit: 0.5 })
    expect(hoursUntil('a', [half])).toBe(hoursUntil('a', [answer('a', false)]))
  })

  test('wrong after many right answers is due soon again', () => {
    const answers = [
      answer('a', true, 0),
      answer('a', true, 72),
      answer('a', true, 400),
      answer('a', false, 2_000),
    ]
    expect(hoursUntil('a', answers) - 2_000).toBeLessThan(1)
  })

  test('a replay gives the same, in whatever order the answers are read', () => {
    const answers = [0, 30, 200, 900].flatMap((hours, round) => [
      answer('a', round !== 1, hours, { confidence: 3 }),
      answer('b', round > 1, hours + 1, { hinted: round === 3 }),
    ])
    const planned = schedule(answers)
    expect([...planned.keys()]).toEqual(['a', 'b'])
    expect(schedule(structuredClone(answers))).toEqual(planned)
    expect(schedule([...answers].reverse())).toEqual(planned)
  })

  test('one question knows nothing of another, and a time that is none is left out', () => {
    const alone = hoursUntil('a', [answer('a', true)])
    expect(hoursUntil('a', [answer('b', false), answer('a', true), answer('b', true, 1)])).toBe(alone)
    expect(schedule([answer('a', true, 0, { at: 'yesterday' })]).size).toBe(0)
  })

  test('a confident miss is one until the next answer', () => {
    const sure = answer('a', false, 0, { confidence: 3 })
    expect(schedule([sure]).get('a')?.isConfidentMiss).toBe(true)
    expect(schedule([answer('a', false, 0, { confidence: 2 })]).get('a')?.isConfidentMiss).toBe(false)
    expect(schedule([sure, answer('a', true, 1, { confidence: 3 })]).get('a')?.isConfidentMiss).toBe(false)
  })
})

describe('what to review', () => {
  const later = (hours: number) => new Date(START + hours * HOUR)
  const ids = (answers: readonly AnswerEntry[], hours: number, questions = quiz.questions) =>
    toReview(questions, answers, later(hours)).map(({ id }) => id)

  test('only what was answered and is due', () => {
    expect(ids([], 1_000)).toEqual([])
    expect(ids([answer('a', false)], 0)).toEqual([])
    expect(ids([answer('a', false)], 1)).toEqual(['a'])
    expect(ids([answer('a', false), answer('b', true, -200), answer('b', true, -100)], 1)).toEqual(['a'])
  })

  test('confident misses first, then what has been due longest', () => {
    const answers = [
      answer('a', false, 3),
      answer('b', false, 1),
      answer('c', false, 2, { confidence: 3 }),
      answer('d', false, 0, { confidence: 2 }),
    ]
    expect(ids(answers, 10)).toEqual(['c', 'd', 'b', 'a'])
  })

  describe('siblings', () => {
    const family = quizOf(
      'plan',
      ['a', 'b', 'c', 'd'].map((id) => {
        const objective = id === 'd' ? 'other' : 'same'
        return choiceQuestion(id).replace('exercise=07', `objective=${objective}`)
      }),
    )

    test('the one that was asked least comes in its place', () => {
      expect(ids([answer('a', false), answer('b', true)], 0.1, family.questions)).toEqual(['c'])
      expect(ids([answer('a', false), answer('b', true), answer('c', true)], 0.1, family.questions)).toEqual([
        'a',
      ])
    })

    test('no question comes twice, and none of another objective', () => {
      const answers = ['a', 'b', 'c'].map((id) => answer(id, false))
      const asked = ids(answers, 1, family.questions)
      expect([...asked].sort()).toEqual(['a', 'b', 'c'])
      expect(ids([answer('d', false)], 1, family.questions)).toEqual(['d'])
    })
  })
})
