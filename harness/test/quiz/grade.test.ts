import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Given, grade, rightAnswer } from '../../quiz/grade.ts'
import type { Question } from '../../quiz/question.ts'
import { QUESTIONS, questionsOf } from './shipped.ts'
import { questionOf, quizOf } from './stats/class-of-learners.ts'

const EMPTY: Given[] = [
  { kind: 'single', option: null },
  { kind: 'multiple', options: [] },
  { kind: 'order', order: [] },
  { kind: 'match', matches: [] },
  { kind: 'typed', text: '' },
  { kind: 'typed', text: ' \n' },
]

const creditOf = (question: Question, given: Given) => grade(question, given).credit
const pick = (options: string[]): Given => ({ kind: 'multiple', options })
const type = (text: string): Given => ({ kind: 'typed', text })

/** Anything that may be given, sense or nonsense. */
function anyAnswer(question: Question): fc.Arbitrary<Given> {
  const ids = 'options' in question ? question.options.map(({ id }) => id) : []
  const id = fc.constantFrom(...ids, 'nobody')
  const place = fc.integer({ min: -1, max: 8 })
  const keys = 'rows' in question ? question.rows.map(({ wanted }) => wanted) : []
  return fc.oneof(
    fc.option(id).map((option): Given => ({ kind: 'single', option })),
    fc.array(id).map(pick),
    fc.array(place).map((order): Given => ({ kind: 'order', order })),
    fc.array(fc.option(place)).map((matches): Given => ({ kind: 'match', matches })),
    fc.oneof(fc.string(), fc.constantFrom(...keys, 'output' in question ? question.output : '')).map(type),
  )
}

describe('every question of the workbook', () => {
  test('there are questions', () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(100)
  })

  test.each(QUESTIONS)('$id: the key is worth all, nothing is worth nothing', (question) => {
    expect(grade(question, rightAnswer(question))).toMatchObject({ credit: 1, wrong: [] })
    for (const empty of EMPTY) expect(grade(question, empty)).toEqual({ credit: 0, wrong: [], row: null })
  })

  test.each(QUESTIONS)('$id: whatever is given is worth from 0 to 1, twice the same', (question) => {
    fc.assert(
      fc.property(anyAnswer(question), (given) => {
        const graded = grade(question, given)
        expect(graded.credit).toBeGreaterThanOrEqual(0)
        expect(graded.credit).toBeLessThanOrEqual(1)
        expect(grade(question, given)).toEqual(graded)
        if (graded.wrong.length > 0) expect(graded.credit).toBeLessThan(1)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a choice of several', () => {
  const several = questionsOf('multiple')

  test.each(several)('$id: all of them is nothing', (question) => {
    expect(creditOf(question, pick(question.options.map(({ id }) => id)))).toBe(0)
  })

  test.each(several)('$id: the order of the picks is irrelevant, and so is a pick made twice', (question) => {
    const ids = question.options.map(({ id }) => id)
    fc.assert(
      fc.property(fc.shuffledSubarray(ids), (picks) => {
        const credit = creditOf(question, pick(picks))
        expect(creditOf(question, pick([...picks].sort()))).toBe(credit)
        expect(creditOf(question, pick([...picks, ...picks, 'nobody']))).toBe(credit)
      }),
      { numRuns: 30 },
    )
  })

  test.each(several)('$id: a right pick more is never worth less, a wrong one never more', (question) => {
    const ids = question.options.map(({ id }) => id)
    fc.assert(
      fc.property(fc.subarray(ids), (picks) => {
        const credit = creditOf(question, pick(picks))
        for (const { id, isRight } of question.options.filter((one) => !picks.includes(one.id))) {
          const more = creditOf(question, pick([...picks, id]))
          if (isRight) expect(more).toBeGreaterThanOrEqual(credit)
          else expect(more).toBeLessThanOrEqual(credit)
        }
      }),
      { numRuns: 30 },
    )
  })
})

test.each(questionsOf('single'))('$id: one option is right', ({ options, ...rest }) => {
  const question = { ...rest, options }
  const graded = options.map(({ id }) => grade(question, { kind: 'single', option: id }))
  expect(graded.filter(({ credit }) => credit === 1)).toHaveLength(1)
  expect(graded.map(({ wrong }) => wrong)).toEqual(options.map((one) => (one.isRight ? [] : [one])))
})

test.each(questionsOf('order'))(
  '$id: only the right order is worth all, the reverse is worth nothing',
  (question) => {
    const right = question.items.map((_, index) => index)
    expect(creditOf(question, { kind: 'order', order: [...right].reverse() })).toBe(0)
    fc.assert(
      fc.property(fc.shuffledSubarray(right, { minLength: right.length }), (order) => {
        const isRight = order.every((item, at) => item === at)
        expect(creditOf(question, { kind: 'order', order }) === 1).toBe(isRight)
      }),
    )
  },
)

test.each(questionsOf('numeric', 'text'))('$id: each row of the key is worth what it says', (question) => {
  const graded = question.rows.map(({ wanted }) => grade(question, type(wanted.split('±')[0] as string)))
  expect(graded.map(({ row, credit }) => [row?.line, credit])).toEqual(
    question.rows.map(({ line, credit }) => [line, credit / 100]),
  )
})

test.each(questionsOf('output'))('$id: blanks at line ends do not count, a line less does', (question) => {
  const lines = question.output.split('\n')
  expect(creditOf(question, type(`${lines.map((line) => `${line} \t`).join('\r\n')}\n\n`))).toBe(1)
  expect(creditOf(question, type([...lines, 'more'].join('\n')))).toBe(0)
  expect(creditOf(question, type(lines.slice(1).join('\n')))).toBe(0)
})

describe('parts of the points', () => {
  const quiz = quizOf('parts', [
    '## A\n<!-- q id=several -->\n\nWhich?\n\n- [x] a\n- [x] b\n- [ ] c\n- [ ] d\n- [ ] e\n',
    '## B\n<!-- q id=order type=order -->\n\nHow?\n\n1. a\n2. b\n3. c\n4. d\n',
    '## C\n<!-- q id=match -->\n\nWhich?\n\n| Item | Match |\n| - | - |\n| a | 1 |\n| b | 2 |\n| c | 3 |\n| | 4 |\n',
    '## D\n<!-- q id=half -->\n\nWhich?\n\n- [x] a\n- [ ] b <!-- credit=50% -->\n- [ ] c\n',
    '## E\n<!-- q id=text type=text -->\n\nWhat?\n\n| Answer | Credit | Feedback |\n| - | - | - |\n| `Caf\u00E9 au lait` | 100% | |\n| `milk` | 50% | a |\n',
    '## F\n<!-- q id=exact type=text case=exact -->\n\nWhat?\n\n| Answer | Credit | Feedback |\n| - | - | - |\n| `ISR` | 100% | |\n',
    '## G\n<!-- q id=range type=numeric unit=ms -->\n\nWhat?\n\n| Answer | Credit | Feedback |\n| - | - | - |\n| `15 ± 1` | 100% | |\n| `15 ± 5` | 40% | a |\n| `1 s` | 0% | b |\n',
  ])
  const question = (id: string) => questionOf(quiz, id)
  const idsOf = (...words: string[]) => {
    const several = question('several')
    if (several.kind !== 'multiple') throw new Error('no choice of several')
    return several.options.filter((_, at) => words.includes('abcde'[at] as string)).map(({ id }) => id)
  }

  test.each([
    [['a'], 1 / 2],
    [['a', 'b', 'c'], 1 - 1 / 3],
    [['a', 'c'], 1 / 2 - 1 / 3],
    [['a', 'c', 'd'], 0],
    [['c'], 0],
  ])('several: %j is worth %d', (words, credit) => {
    expect(creditOf(question('several'), pick(idsOf(...words)))).toBeCloseTo(credit, 12)
  })

  test.each([
    [[0, 1, 2, 3], 1],
    [[1, 0, 2, 3], 2 / 3],
    [[3, 0, 1, 2], 2 / 3],
    [[1, 0, 3, 2], 1 / 3],
    [[3, 2, 1, 0], 0],
    [[0, 1, 2], 0],
    [[0, 0, 1, 2], 0],
    [[4, 5, 6, 7], 0],
    [[0, 1, 2, 3, 4], 0],
  ])('order: %j is worth %d', (order, credit) => {
    expect(creditOf(question('order'), { kind: 'order', order })).toBeCloseTo(credit, 12)
  })

  test.each([
    [[0, 1, 2], 1],
    [[0, 2, 1], 1 / 3],
    [[0, null, 2], 2 / 3],
    [[3, 3, 3], 0],
    [[1, 1, 1], 1 / 3],
    [[0, 1, 2, 3], 1],
  ])('match: %j is worth %d', (matches, credit) => {
    expect(creditOf(question('match'), { kind: 'match', matches })).toBeCloseTo(credit, 12)
  })

  test('one answer that is nearly right', () => {
    const half = question('half')
    const graded = grade(half, {
      kind: 'single',
      option: 'options' in half ? (half.options[1]?.id ?? '') : '',
    })
    expect(graded).toMatchObject({ credit: 0.5, wrong: [{ isRight: false, credit: 50 }] })
  })

  test.each([
    ['text', 'caf\u00E9 AU  lait ', 1],
    ['text', 'cafe\u0301 au lait', 1],
    ['text', 'cafe au lait', 0],
    ['text', 'Milk', 0.5],
    ['exact', 'ISR', 1],
    ['exact', 'isr', 0],
    ['range', '14', 1],
    ['range', '13.9 ms', 0.4],
    ['range', '0.015 s', 1],
    ['range', '21', 0],
    ['range', '15 s', 0],
    ['range', 'fifteen', 0],
  ])('%s: "%s" is worth %d', (id, text, credit) => {
    expect(creditOf(question(id), type(text))).toBe(credit)
  })

  test('the first row that fits counts, and says why', () => {
    expect(grade(question('range'), type('1000'))).toMatchObject({
      row: { wanted: '1 s' },
      wrong: [{ wanted: '1 s' }],
    })
    expect(grade(question('range'), type('15'))).toMatchObject({ row: { wanted: '15 ± 1' }, wrong: [] })
  })
})
