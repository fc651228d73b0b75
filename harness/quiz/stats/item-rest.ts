import { correlation, fisher, type Interval, mean } from './estimates.ts'
import type { Item } from './items.ts'
import type { Learner } from './learners.ts'

/** Below this many learners nothing is ranked: the order would be chance. */
export const LEAST_LEARNERS = 10
/** So many other questions of the quiz say how good a learner is. */
const LEAST_OTHERS = 3

/** How well a question tells good learners from others; `n` counts those with enough other answers in the quiz. */
export type ItemRest = { n: number } & (
  | { r: number; interval: Interval }
  /** Why there is none. */
  | { r: null; reason: string }
)

/** What a learner got in a quiz. */
interface Rest {
  /** Credits, each less the mean of its question. */
  above: number
  count: number
}

/**
 * The correlation of the credit for a question with that for the rest of its quiz, the question itself left out. Not everybody
 * has answered everything, so each answer is taken against the mean of its question: who met easy questions only is no better
 * for it. When all have answered all, this is the usual corrected item-total correlation. Points do not weigh.
 */
export function itemRests(items: readonly Item[]): Map<Item, ItemRest> {
  const quizzes = new Map<string, Map<Learner, Rest>>()
  for (const item of items) {
    const rests = quizzes.get(item.quiz) ?? new Map<Learner, Rest>()
    quizzes.set(item.quiz, rests)
    for (const [learner, above] of aboveMean(item)) {
      const { above: before, count } = rests.get(learner) ?? { above: 0, count: 0 }
      rests.set(learner, { above: before + above, count: count + 1 })
    }
  }
  return new Map(items.map((item) => [item, itemRest(item, quizzes.get(item.quiz) as Map<Learner, Rest>)]))
}

function aboveMean({ answers }: Item): [Learner, number][] {
  const average = mean(answers.map(({ credit }) => credit))
  return answers.map(({ learner, credit }) => [learner, credit - average])
}

function itemRest(item: Item, rests: ReadonlyMap<Learner, Rest>): ItemRest {
  const pairs = aboveMean(item).flatMap(([learner, above]): [number, number][] => {
    const all = rests.get(learner) as Rest
    const others = all.count - 1
    return others < LEAST_OTHERS ? [] : [[above, (all.above - above) / others]]
  })
  const n = pairs.length
  if (n < LEAST_LEARNERS) {
    const reason = `fewer than ${LEAST_LEARNERS} learners with ${LEAST_OTHERS} other answers in the quiz`
    return { n, r: null, reason }
  }
  const r = correlation(pairs)
  return r === null
    ? { n, r, reason: 'all got the same, here or in the rest' }
    : { n, r, interval: fisher(r, n) }
}
