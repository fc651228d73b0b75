import { createHash } from 'node:crypto'
import type { Entry } from '../progress/journal.ts'
import type { Given } from './grade.ts'
import type { Question } from './question.ts'

/** How sure one is, said before the verdict: a guess, fairly, sure. */
export type Confidence = 1 | 2 | 3

/** One answer, as it is kept. What was given is kept as it is, so that it can be graded anew with a mended key. */
export interface AnswerEntry extends Entry {
  kind: 'answer'
  /** The run of the quiz in which it was given. */
  run: string
  quiz: string
  question: string
  /** Hash of the question as it was; another one is another version of it. */
  version: string
  given: Given
  /** From 0 to 1, as it was graded then. */
  credit: number
  confidence: Confidence | null
  hinted: boolean
  /** Milliseconds from the question to the answer. */
  tookMs: number
}

/** A run that was begun, so that it can be taken up where it ended. */
export interface RunEntry extends Entry {
  kind: 'run'
  run: string
  /** What was asked for, as on the command line. */
  wanted: string[]
  seed: number
  isExam: boolean
  /** Questions in their order: `keys/keys-growth-targets`. */
  questions: string[]
}

/** A run that came to its end. */
interface EndEntry extends Entry {
  kind: 'end'
  run: string
}

export type QuizEntry = AnswerEntry | RunEntry | EndEntry

/**
 * The version of a question: a hash of what is asked and of its key, not of its explanation, nor of where it stands in the file. A changed
 * key begins a new version.
 */
export function versionOf(question: Question): string {
  const { line, explanation, source, hint, proof, exercise, objective, ...asked } = question
  const text = JSON.stringify(asked, (key, value) =>
    key === 'line' || key === 'feedback' ? undefined : value,
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
