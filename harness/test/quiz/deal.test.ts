import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deal, dealOne } from '../../quiz/deal.ts'
import { FILES, questionsOf } from './shipped.ts'
import { choiceQuestion, questionOf, quizOf } from './stats/class-of-learners.ts'

const QUIZZES = FILES.map(({ quiz }) => quiz)
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const ids = (dealt: ReturnType<typeof deal>) => dealt.map(({ question }) => question.id)
const runs = { numRuns: 20 }

describe('dealing', () => {
  test.each([false, true])('the same seed gives the same order (mixed: %s)', (isMixed) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(deal(QUIZZES, { seed, isMixed })).toEqual(deal(structuredClone(QUIZZES), { seed, isMixed }))
      }),
      { numRuns: 5 },
    )
  })

  test('the order of a seed stays as it is, on every machine and in every version', () => {
    const quiz = quizOf(
      'fixed',
      ['a', 'b', 'c', 'd', 'e'].map((id) => choiceQuestion(id)),
    )
    const dealt = deal([quiz], { seed: 7 })
    expect(dealt.map(({ question, shown }) => `${question.id} ${shown.join('')}`)).toMatchInlineSnapshot(`
      [
        "c 012",
        "e 210",
        "a 102",
        "b 021",
        "d 201",
      ]
    `)
  })

  test('different seeds give different orders, of questions and of options', () => {
    const orders = Array.from({ length: 20 }, (_, seed) => deal(QUIZZES, { seed }))
    expect(new Set(orders.map((dealt) => ids(dealt).join())).size).toBe(20)
    const single = questionsOf('single').find(({ options }) => options.length >= 3)
    const shown = orders.map((dealt) => dealt.find(({ question }) => question === single)?.shown.join())
    expect(new Set(shown).size).toBeGreaterThan(2)
  })

  test.each([false, true])('every question comes once (mixed: %s)', (isMixed) => {
    const all = QUIZZES.flatMap(({ questions }) => questions.map(({ id }) => id)).sort()
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(ids(deal(QUIZZES, { seed, isMixed })).sort()).toEqual(all)
      }),
      runs,
    )
  })

  test('every place of what is chosen from comes once', () => {
    for (const { question, shown } of deal(QUIZZES, { seed: 1 })) {
      const count =
        'options' in question
          ? question.options.length
          : question.kind === 'order'
            ? question.items.length
            : question.kind === 'match'
              ? question.pairs.length + question.surplus.length
              : 0
      expect([...shown].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at))
    }
  })

  test('a smaller number is the beginning of the whole', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 30 }), fc.boolean(), (seed, count, isMixed) => {
        const whole = deal(QUIZZES, { seed, isMixed })
        expect(deal(QUIZZES, { seed, isMixed, count })).toEqual(whole.slice(0, count))
      }),
      runs,
    )
  })

  test('unmixed, one quiz comes after the other', () => {
    const names = deal(QUIZZES, { seed: 3 }).map(({ quiz }) => quiz.id)
    expect(names.filter((name, at) => name !== names[at - 1])).toEqual(QUIZZES.map(({ id }) => id))
  })

  test('mixed, every topic comes before one comes again, as long as it has questions', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const left = new Map(QUIZZES.map(({ id, questions }) => [id, questions.length]))
        const names = deal(QUIZZES, { seed, isMixed: true }).map(({ quiz }) => quiz.id)
        for (let at = 0; at < names.length; ) {
          const topics = [...left].filter(([, count]) => count > 0).map(([id]) => id)
          expect(names.slice(at, at + topics.length).sort()).toEqual(topics.sort())
          for (const id of topics) left.set(id, (left.get(id) as number) - 1)
          at += topics.length
        }
      }),
      runs,
    )
  })

  test('a question more changes nothing in how the others are shown', () => {
    const few = quizOf('grows', [choiceQuestion('a'), choiceQuestion('b')])
    const more = quizOf('grows', [choiceQuestion('new'), choiceQuestion('a'), choiceQuestion('b')])
    for (const seed of [1, 2, 3]) {
      const shown = dealOne(few, questionOf(few, 'a'), seed).shown
      expect(dealOne(more, questionOf(more, 'a'), seed).shown).toEqual(shown)
    }
  })
})

describe('what is shown', () => {
  const quiz = quizOf('shown', [
    '## A\n<!-- q id=three type=order -->\n\nHow?\n\n1. a\n2. b\n3. c\n',
    '## B\n<!-- q id=fixed shuffle=no -->\n\nWhich?\n\n- [x] a\n- [ ] b\n- [ ] c\n',
    choiceQuestion('free'),
  ])
  const shown = (id: string, seed: number) => dealOne(quiz, questionOf(quiz, id), seed).shown

  test('things to put in order never stand in the right one', () => {
    const orders = Array.from({ length: 300 }, (_, seed) => shown('three', seed).join(''))
    expect(new Set(orders)).toEqual(new Set(['021', '102', '120', '201', '210']))
    for (const question of questionsOf('order')) {
      const isRight = (seed: number) => dealOne(quiz, question, seed).shown.every((item, at) => item === at)
      expect(Array.from({ length: 100 }, (_, seed) => isRight(seed))).not.toContain(true)
    }
  })

  test('options stay in their order where the question says so', () => {
    expect(Array.from({ length: 20 }, (_, seed) => shown('fixed', seed).join(''))).toEqual(
      Array(20).fill('012'),
    )
  })

  test('every order of three options comes about equally often', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 6_000; seed++) {
      const order = shown('free', seed).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })
})
