import { type Card, createEmptyCard, fsrs, Rating } from 'ts-fsrs'
import type { AnswerEntry } from './answers.ts'
import type { Question } from './question.ts'

/** From this credit on an answer counts as right. */
export const RIGHT = 0.99

/** One short step: what was wrong comes again today, what was right on another day. */
const STEP = '1m'

const scheduler = fsrs({ enable_fuzz: false, learning_steps: [STEP], relearning_steps: [STEP] })

/** When a question is due again, by the answers that were given to it. */
export interface Due {
  question: string
  dueAt: Date
  /** The last answer was wrong, and given with confidence: such errors are mended best, so they come first. */
  isConfidentMiss: boolean
}

/**
 * Spaced repetition by FSRS over answers that are graded by a machine: wrong is Again; right after a hint or by a guess is
 * Hard; right is Good. Never Easy: one may always have guessed. The history is replayed, so nothing but the answers is kept.
 */
export function schedule(answers: readonly AnswerEntry[]): Map<string, Due> {
  const cards = new Map<string, Card>()
  const dues = new Map<string, Due>()
  for (const answer of [...answers].sort((a, b) => a.at.localeCompare(b.at))) {
    const at = new Date(answer.at)
    if (Number.isNaN(at.getTime())) continue
    const { card } = scheduler.next(cards.get(answer.question) ?? createEmptyCard(at), at, ratingOf(answer))
    cards.set(answer.question, card)
    dues.set(answer.question, {
      question: answer.question,
      dueAt: card.due,
      isConfidentMiss: answer.credit < RIGHT && answer.confidence === 3,
    })
  }
  return dues
}

function ratingOf({ credit, hinted, confidence }: AnswerEntry): Rating.Again | Rating.Hard | Rating.Good {
  if (credit < RIGHT) return Rating.Again
  return hinted || confidence === 1 ? Rating.Hard : Rating.Good
}

/**
 * The questions to review now: confident misses first, then what has been due longest. In place of a question that was asked
 * last, a sibling with the same objective is preferred, so that nobody learns a place in a list.
 */
export function toReview(
  questions: readonly Question[],
  answers: readonly AnswerEntry[],
  now: Date,
): Question[] {
  const dues = schedule(answers)
  const due = questions.filter(
    ({ id }) => (dues.get(id)?.dueAt.getTime() ?? Number.POSITIVE_INFINITY) <= now.getTime(),
  )
  const order = due.sort((a, b) => {
    const [first, second] = [dues.get(a.id) as Due, dues.get(b.id) as Due]
    const byMiss = Number(second.isConfidentMiss) - Number(first.isConfidentMiss)
    return byMiss || first.dueAt.getTime() - second.dueAt.getTime()
  })
  const times = new Map<string, number>()
  for (const { question } of answers) times.set(question, (times.get(question) ?? 0) + 1)
  const taken = new Set<string>()
  return order.map((question) => {
    const siblings = questions.filter(
      ({ objective, id }) => objective === question.objective && !taken.has(id),
    )
    const rarest = siblings.sort((a, b) => (times.get(a.id) ?? 0) - (times.get(b.id) ?? 0))[0] ?? question
    taken.add(rarest.id)
    return rarest
  })
}
