import { describe, expect, test } from 'vitest'
import { versionOf } from '../../../quiz/answers.ts'
import { correlation } from '../../../quiz/stats/estimates.ts'
import type { QuestionStats, QuizStats } from '../../../quiz/stats/stats.ts'
import { statsOf } from '../../../quiz/stats/stats.ts'
import { answerTo, choiceQuestion, fileOf, pick, questionOf, quizOf } from './class-of-learners.ts'

const IDS = ['a', 'b', 'c', 'd']
const quiz = quizOf(
  'keys',
  IDS.map((id) => choiceQuestion(id)),
)

/** One learner per row, one letter per question: r(ight), w(rong), x for absurd, `-` for not answered. */
function classOf(rows: readonly string[]) {
  const words: Record<string, string> = { r: 'right', w: 'wrong', x: 'absurd' }
  return rows.map((row, index) =>
    fileOf(
      `learner-${index}`,
      [...row].flatMap((letter, at) => {
        const [id, word] = [IDS[at] as string, words[letter]]
        return word ? answerTo(quiz, id, pick(quiz, id, word), { tookMs: 1_000 * (index + 1) }) : []
      }),
    ),
  )
}

function of(stats: QuizStats, id: string): QuestionStats {
  return stats.questions.find(({ question }) => question === id) as QuestionStats
}

/** Twelve learners, from all right to all wrong; b is answered the other way round. */
const TWELVE = [
  ...['rwrr', 'rwrr', 'rwrr', 'rrrr', 'rwrw', 'rwwr'],
  ...['rrwr', 'wrrw', 'wrww', 'wrww', 'wrwx', 'wrww'],
]

describe('a question', () => {
  test('has its n, share, interval, options and median time', () => {
    const { questions } = statsOf(classOf(['r', 'r', 'r', 'w']), [quiz])
    expect(questions).toHaveLength(1)
    const [a] = questions
    expect(a).toMatchObject({
      ...{ quiz: 'keys', question: 'a', version: versionOf(questionOf(quiz, 'a')), title: 'Title of a' },
      ...{ n: 4, right: 3, share: 0.75, meanCredit: 0.75, medianMs: 2_500, others: 0 },
    })
    expect(a?.interval[0]).toBeCloseTo(0.3006, 4)
    expect(a?.interval[1]).toBeCloseTo(0.9544, 4)
    expect(a?.choices?.map(({ text, isRight, count, share }) => [text, isRight, count, share])).toEqual([
      ['right', true, 3, 0.75],
      ['wrong', false, 1, 0.25],
      ['absurd', false, 0, 0],
    ])
  })

  test('counts the first attempt of each learner only', () => {
    const first = answerTo(quiz, 'a', pick(quiz, 'a', 'wrong'))
    const second = answerTo(quiz, 'a', pick(quiz, 'a', 'right'), { at: '2026-04-01T00:00:00.000Z' })
    const stats = statsOf([fileOf('anna', [first, second, second])], [quiz])
    expect(of(stats, 'a')).toMatchObject({ n: 1, right: 0 })
    expect(stats).toMatchObject({ learners: 1, firstAnswers: 1, laterAnswers: 2 })
  })

  test('keeps its versions apart; one that is no longer there has the credit of then, and no options', () => {
    const before = quizOf('keys', [choiceQuestion('a', 'Which, before it was mended?')])
    const files = [
      fileOf('anna', [answerTo(before, 'a', pick(before, 'a', 'wrong'))]),
      fileOf('ben', [answerTo(before, 'a', pick(before, 'a', 'right'))]),
      fileOf('cleo', [answerTo(quiz, 'a', pick(quiz, 'a', 'right'))]),
    ]
    const { questions, mistakes } = statsOf(files, [quiz])
    expect(questions.map(({ title, n, right, choices }) => [title, n, right, choices?.length])).toEqual([
      ['Title of a', 1, 1, 3],
      [null, 2, 1, undefined],
    ])
    expect(mistakes).toEqual([])
  })

  test('is graded anew: what a file says of its credit does not count', () => {
    const lie = answerTo(quiz, 'a', pick(quiz, 'a', 'wrong'), { credit: 1 })
    expect(of(statsOf([fileOf('anna', [lie])], [quiz]), 'a').right).toBe(0)
  })

  test('with several right options has the share of each, and parts of points are not right', () => {
    const several = quizOf('several', [
      '\n## S\n<!-- q id=s -->\n\nWhich?\n\n- [x] one\n- [x] two\n- [ ] three\n',
    ])
    const options = (questionOf(several, 's') as { options: { id: string }[] }).options.map(({ id }) => id)
    const given = [options.slice(0, 2), options.slice(0, 1), []].map((picked) => ({
      kind: 'multiple' as const,
      options: picked,
    }))
    const files = given.map((one, index) => fileOf(`${index}`, [answerTo(several, 's', one)]))
    const s = of(statsOf(files, [several]), 's')
    expect(s).toMatchObject({ right: 1, meanCredit: 0.5, others: 1 })
    expect(s.choices?.map(({ count }) => count)).toEqual([2, 1, 0])
  })

  test('with a typed answer has the share of each row that was foreseen', () => {
    const rows =
      '| Answer | Credit | Feedback |\n| --- | --- | --- |\n| `6` | 100% | Yes. |\n| `0` | 0% | No. <!-- m=08/zero --> |'
    const typed = quizOf('typed', [`\n## T\n<!-- q id=t type=numeric -->\n\nHow many?\n\n${rows}\n`])
    const files = ['6', '6.0', '0', '17', 'x'].map((text, index) =>
      fileOf(`${index}`, [answerTo(typed, 't', { kind: 'typed', text })]),
    )
    const stats = statsOf(files, [typed])
    const t = of(stats, 't')
    expect(t.choices?.map(({ id, count }) => [id, count])).toEqual([
      ['6', 2],
      ['0', 1],
    ])
    expect(t.others).toBe(2)
    expect(stats.mistakes).toMatchObject([{ idea: '08/zero', exercises: ['08'], learners: 1 }])
  })
})

describe('ranks', () => {
  test('the hardest is first, equals are equal', () => {
    const { questions } = statsOf(classOf(TWELVE), [quiz])
    expect(questions.map(({ question, rank, right }) => [question, rank, right])).toEqual([
      ['c', 1, 6],
      ['d', 1, 6],
      ['a', 3, 7],
      ['b', 3, 7],
    ])
  })

  test('nine learners are too few to rank, and to correlate', () => {
    const nine = statsOf(classOf(TWELVE.slice(3)), [quiz])
    expect(nine.questions.map(({ question, rank }) => [question, rank])).toEqual(IDS.map((id) => [id, null]))
    expect(of(nine, 'a').itemRest).toEqual({
      n: 9,
      r: null,
      reason: expect.stringContaining('fewer than 10'),
    })
    expect(of(statsOf(classOf(TWELVE.slice(2)), [quiz]), 'a')).toMatchObject({ rank: 3, itemRest: { n: 10 } })
  })
})

describe('the correlation of a question with the rest', () => {
  test('is that of its credit with the sum of the others when all have answered all', () => {
    const stats = statsOf(classOf(TWELVE), [quiz])
    for (const [at, id] of IDS.entries()) {
      const pairs = TWELVE.map((row): [number, number] => {
        const points = [...row].map((letter) => Number(letter === 'r'))
        return [points[at] as number, points.reduce((sum, one) => sum + one) - (points[at] as number)]
      })
      expect(of(stats, id).itemRest.r, id).toBeCloseTo(correlation(pairs) as number, 10)
    }
    expect(of(stats, 'd').itemRest.r).toBeGreaterThan(0.3)
    expect(of(stats, 'b').itemRest.r).toBeLessThan(-0.5)
  })

  test('leaves out learners with fewer than three other answers', () => {
    const files = classOf([...TWELVE, 'rr', 'wr'])
    expect(of(statsOf(files, [quiz]), 'a')).toMatchObject({ n: 14, itemRest: { n: 12 } })
  })

  test('takes each answer against the mean of its question, so that easy ones make nobody good', () => {
    const five = quizOf(
      'five',
      ['p', 'easy', 'hard', 'e', 'f'].map((id) => choiceQuestion(id)),
    )
    const answer = (id: string, isRight: boolean) =>
      answerTo(five, id, pick(five, id, isRight ? 'right' : 'wrong'))
    // Half meets the easy question and gets p right, half the hard one and gets it wrong; else they are alike.
    const files = Array.from({ length: 20 }, (_, index) => {
      const [isFirst, isGood] = [index < 10, index % 2 === 0]
      const own = isFirst ? answer('easy', true) : answer('hard', false)
      return fileOf(`${index}`, [answer('p', isFirst), own, answer('e', isGood), answer('f', isGood)])
    })
    const { itemRest } = of(statsOf(files, [five]), 'p')
    expect(itemRest.n).toBe(20)
    expect(itemRest.r).toBeCloseTo(0)
  })

  test('is none where all got the same', () => {
    const rows = Array.from({ length: 10 }, (_, index) => (index < 5 ? 'rrww' : 'rwrr'))
    expect(of(statsOf(classOf(rows), [quiz]), 'a').itemRest).toMatchObject({ n: 10, r: null })
  })
})

describe('what went wrong', () => {
  test('mistakes have their names, the exercise that trains them, and who made them', () => {
    const { mistakes } = statsOf(classOf(['ww', 'wx', 'rr', 'rx']), [quiz])
    expect(mistakes).toEqual([
      {
        idea: '06/keys-stay',
        claim: null,
        answers: 3,
        learners: 2,
        exercises: ['06'],
        questions: ['a', 'b'],
      },
      { idea: null, claim: 8, answers: 2, learners: 2, exercises: ['07'], questions: ['b'] },
    ])
  })

  test('ideas of the head lead to the exercise that the head names', () => {
    const question = choiceQuestion('a').replace('06/keys-stay', 'one-hash')
    const own = quizOf('own', [question], ['idea: one-hash 05'])
    const files = [fileOf('anna', [answerTo(own, 'a', pick(own, 'a', 'wrong'))])]
    expect(statsOf(files, [own]).mistakes).toMatchObject([{ idea: 'one-hash', exercises: ['05'] }])
  })

  test('who was sure, and who of these was wrong', () => {
    const sure = { confidence: 3 } as const
    const files = [
      fileOf('anna', [answerTo(quiz, 'a', pick(quiz, 'a', 'wrong'), sure)]),
      fileOf('ben', [answerTo(quiz, 'a', pick(quiz, 'a', 'right'), sure)]),
      fileOf('cleo', [answerTo(quiz, 'a', pick(quiz, 'a', 'wrong'), { confidence: 2, hinted: true })]),
    ]
    expect(of(statsOf(files, [quiz]), 'a')).toMatchObject({ n: 3, sure: 2, sureAndWrong: 1, hinted: 1 })
  })
})

test('the statistics are plain data', () => {
  const stats = statsOf(classOf([...TWELVE, '']), [quiz])
  expect(JSON.parse(JSON.stringify(stats))).toEqual(stats)
  expect(stats.learners).toBe(12)
})

test('no file, and no answer, are no error', () => {
  expect(statsOf([], [quiz])).toMatchObject({ learners: 0, questions: [], mistakes: [] })
})
