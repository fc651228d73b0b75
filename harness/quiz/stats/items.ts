import { type AnswerEntry, versionOf } from '../answers.ts'
import { type Grade, grade } from '../grade.ts'
import type { Question, Quiz } from '../question.ts'
import { firstAnswers, type Learner } from './learners.ts'

/** A learner's first answer to a question. */
export interface FirstAnswer {
  learner: Learner
  entry: AnswerEntry
  /** From 0 to 1. */
  credit: number
  /** Null when the question is not known in this version: then its credit is the one that was kept. */
  graded: Grade | null
}

/** One version of one question, with all first answers to it: one at least. */
export interface Item {
  quiz: string
  id: string
  version: string
  /** The question as it was asked, and its quiz; null when no quiz has this version any more. */
  known: { quiz: Quiz; question: Question } | null
  answers: FirstAnswer[]
}

/** The first answers of all learners by question and version, in the order of the quizzes; versions of old at the end. */
export function itemsOf(learners: readonly Learner[], quizzes: readonly Quiz[]): Item[] {
  const asked = new Map<string, Item>()
  for (const quiz of quizzes) {
    for (const question of quiz.questions) {
      const [id, version] = [question.id, versionOf(question)]
      asked.set(`${id} ${version}`, { quiz: quiz.id, id, version, known: { quiz, question }, answers: [] })
    }
  }
  for (const learner of learners) {
    for (const entry of firstAnswers(learner)) {
      const key = `${entry.question} ${entry.version}`
      const { quiz, question: id, version } = entry
      const item = asked.get(key) ?? { quiz, id, version, known: null, answers: [] }
      asked.set(key, item)
      const graded = item.known ? grade(item.known.question, entry.given) : null
      item.answers.push({ learner, entry, credit: graded?.credit ?? entry.credit, graded })
    }
  }
  return [...asked.values()].filter(({ answers }) => answers.length > 0)
}
