import { createHash } from 'node:crypto'
import type { Question, Quiz } from './question.ts'

/** A question in the form in which it is asked this time. */
export interface Dealt {
  quiz: Quiz
  question: Question
  /** Positions of what is chosen from, in the order in which it is shown: options, items to put in order, matches. */
  shown: number[]
}

export interface DealOptions {
  /** The same seed and the same files give the same order on every machine. */
  seed: number
  /** At most so many questions. */
  count?: number
  /** Topics in turn instead of one after the other. */
  isMixed?: boolean
}

/** Questions in random order, one quiz after the other, or mixed; what is chosen from is shuffled, too. */
export function deal(
  quizzes: readonly Quiz[],
  { seed, count = Number.POSITIVE_INFINITY, isMixed = false }: DealOptions,
): Dealt[] {
  const all = quizzes.flatMap((quiz) =>
    shuffled(quiz.questions, seed, quiz.id).map((question) => ({ quiz, question })),
  )
  const order = isMixed ? mixed(all, seed) : all
  return order.slice(0, count).map((one) => dealOne(one.quiz, one.question, seed))
}

/** One question, shuffled as `seed` says. */
export function dealOne(quiz: Quiz, question: Question, seed: number): Dealt {
  return { quiz, question, shown: shownOrder(question, seed) }
}

/** Random, but every topic comes once before one comes twice. */
function mixed(all: readonly { quiz: Quiz; question: Question }[], seed: number) {
  const rounds = new Map<string, number>()
  const placed = shuffled(all, seed, 'mixed').map((one) => {
    const round = rounds.get(one.quiz.id) ?? 0
    rounds.set(one.quiz.id, round + 1)
    return { one, round }
  })
  return placed.sort((a, b) => a.round - b.round).map(({ one }) => one)
}

function shownOrder(question: Question, seed: number): number[] {
  const count = choicesOf(question)
  const inOrder = Array.from({ length: count }, (_, index) => index)
  if ('isShuffled' in question && !question.isShuffled) return inOrder
  const order = shuffled(inOrder, seed, question.id)
  // Things that are put in order must not stand in the right one already.
  const isRight = question.kind === 'order' && order.every((item, index) => item === index)
  return isRight ? [...order.slice(1), order[0] as number] : order
}

function choicesOf(question: Question): number {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.options.length
    case 'order':
      return question.items.length
    case 'match':
      return question.pairs.length + question.surplus.length
    default:
      return 0
  }
}

/** Fisher and Yates, with numbers from a hash of seed and name: the same on every machine. */
function shuffled<T>(items: readonly T[], seed: number, name: string): T[] {
  const result = [...items]
  for (let at = result.length - 1; at > 0; at--) {
    const other = hashed(`${seed}/${name}/${at}`) % (at + 1)
    ;[result[at], result[other]] = [result[other] as T, result[at] as T]
  }
  return result
}

function hashed(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}
