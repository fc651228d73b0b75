import type { Question } from '../question.ts'

/** A question that a format cannot express. It is left out and named; nothing is bent to fit. */
export interface Refusal {
  question: string
  /** Of the question, in the file of the quiz. */
  line: number
  reason: string
}

/** What an export made, and what it left out. */
export interface Exported<T> {
  content: T
  refused: Refusal[]
}

export function refusal({ id, line }: Question, reason: string): Refusal {
  return { question: id, line, reason }
}
