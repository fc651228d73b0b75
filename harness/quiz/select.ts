import type { AnswerEntry, QuizEntry, RunEntry } from './answers.ts'
import { type Dealt, deal, dealOne } from './deal.ts'
import type { Question, Quiz } from './question.ts'
import { RIGHT, schedule, toReview } from './schedule.ts'

/** What is asked, as the learner wants it. */
export interface Wanted {
  /** Quizzes by name; all of them when it is empty. */
  names: readonly string[]
  /** Only questions that were answered wrongly the last time. */
  isMissed: boolean
  /** Only questions that are due. */
  isReview: boolean
  isMixed: boolean
  seed: number
  count: number | undefined
}

/** The mix over all quizzes: about five minutes. */
export const CONCEPTS = 'concepts'
const CONCEPTS_COUNT = 10

/** The questions of a new run, in their order. */
export function questionsFor(
  wanted: Wanted,
  quizzes: readonly Quiz[],
  entries: readonly QuizEntry[],
  now: Date,
): Dealt[] {
  const isConcepts = wanted.names.includes(CONCEPTS)
  const chosen =
    isConcepts || wanted.names.length === 0 ? quizzes : quizzes.filter(({ id }) => wanted.names.includes(id))
  const count = wanted.count ?? (isConcepts ? CONCEPTS_COUNT : undefined)
  const options = {
    seed: wanted.seed,
    isMixed: wanted.isMixed || isConcepts,
    ...(count !== undefined && { count }),
  }
  const answers = answersIn(entries)
  if (wanted.isReview)
    return reviewed(chosen, answers, now)
      .slice(0, count)
      .map(([quiz, one]) => dealOne(quiz, one, wanted.seed))
  const kept = wanted.isMissed ? missedIn(answers) : null
  const left = kept
    ? chosen.map((quiz) => ({ ...quiz, questions: quiz.questions.filter(({ id }) => kept.has(id)) }))
    : chosen
  return deal(left, options)
}

export function answersIn(entries: readonly QuizEntry[]): AnswerEntry[] {
  return entries.filter((entry) => entry.kind === 'answer')
}

function reviewed(quizzes: readonly Quiz[], answers: readonly AnswerEntry[], now: Date): [Quiz, Question][] {
  const places = new Map(
    quizzes.flatMap((quiz) => quiz.questions.map((question) => [question.id, quiz] as const)),
  )
  const due = toReview(
    quizzes.flatMap(({ questions }) => questions),
    answers,
    now,
  )
  return due.map((question) => [places.get(question.id) as Quiz, question])
}

/** Ids of the questions whose last answer was wrong. */
function missedIn(answers: readonly AnswerEntry[]): Set<string> {
  const last = new Map(answers.map((answer) => [answer.question, answer.credit]))
  return new Set([...last].filter(([, credit]) => credit < RIGHT).map(([id]) => id))
}

/** The last run that was begun and not ended, with the answers that it has; null when there is none. */
export function openRun(entries: readonly QuizEntry[]): { begun: RunEntry; answers: AnswerEntry[] } | null {
  const ended = new Set(entries.flatMap((entry) => (entry.kind === 'end' ? entry.run : [])))
  const begun = entries.findLast((entry) => entry.kind === 'run' && !ended.has(entry.run))
  if (begun?.kind !== 'run') return null
  return { begun, answers: answersIn(entries).filter(({ run }) => run === begun.run) }
}

/** The questions of a run that was begun before; those that are no longer there are left out. */
export function questionsOf({ questions, seed }: RunEntry, quizzes: readonly Quiz[]): Dealt[] {
  return questions.flatMap((name) => {
    const [quizId, id] = name.split('/')
    const quiz = quizzes.find((one) => one.id === quizId)
    const question = quiz?.questions.find((one) => one.id === id)
    return quiz && question ? [dealOne(quiz, question, seed)] : []
  })
}

/** How far a learner is with a quiz. */
export interface QuizState {
  quiz: Quiz
  /** Questions whose last answer was right. */
  right: number
  asked: number
  due: number
}

export function quizStates(quizzes: readonly Quiz[], entries: readonly QuizEntry[], now: Date): QuizState[] {
  const answers = answersIn(entries)
  const last = new Map(answers.map((answer) => [answer.question, answer.credit]))
  const dues = schedule(answers)
  return quizzes.map((quiz) => {
    const credits = quiz.questions.flatMap(({ id }) => last.get(id) ?? [])
    const due = quiz.questions.filter(
      ({ id }) => (dues.get(id)?.dueAt.getTime() ?? Number.POSITIVE_INFINITY) <= now.getTime(),
    )
    return {
      quiz,
      right: credits.filter((credit) => credit >= RIGHT).length,
      asked: credits.length,
      due: due.length,
    }
  })
}
