import type { Block, Inline } from '../markdown/content.ts'

/** A quiz: one file of `quizzes/`. */
export interface Quiz {
  /** The name of the file without `.md`. */
  id: string
  title: string
  /** Kafka versions that it speaks of: `>=4.0`. */
  kafka: string
  /** Percent from which on it is passed. */
  pass: number
  /** Wrong ideas that no exercise has a mistake for, with the number of the exercise that trains them. */
  ideas: ReadonlyMap<string, string>
  questions: Question[]
}

/** Where a wrong option comes from. */
export interface WrongIdea {
  /** `05/math-abs` for a mistake of an exercise, or a name from the head of the quiz. */
  idea?: string
  /** The number of a line in `docs/often-said.md`. */
  claim?: number
}

/** What all kinds of question have. */
export interface QuestionBase {
  /** Unique in all quizzes, and never given again. */
  id: string
  title: string
  /** In the file, from 1. */
  line: number
  points: number
  /** What is asked, without the title. */
  stem: Block[]
  hint: Block[] | null
  /** Why the answer is right. */
  explanation: Block[]
  /** Where one can read it: the line `Source: ...` at the end of the explanation; null when it has none. */
  source: Inline[] | null
  /** Number of the exercise that has it done. */
  exercise: string | null
  /** What is asked for; questions with the same one are siblings. */
  objective: string
  /** What proves the key on a running Kafka: `check:ID`, `parity:ID`, `test:FILE`. */
  proof: string | null
}

export interface Option extends WrongIdea {
  /** From its words, so that it survives shuffling. */
  id: string
  line: number
  of: Inline[]
  /** Below the words: code, for instance. */
  more: Block[]
  isRight: boolean
  /** 0 to 100. */
  credit: number
  /** Why it is right, or wrong. */
  feedback: Block[]
}

/** One row of the key of a numeric or typed answer; the first one that fits counts. */
export interface KeyRow extends WrongIdea {
  line: number
  /** As written. */
  wanted: string
  /** 0 to 100. */
  credit: number
  feedback: Inline[]
}

/** Code that is run: for the output that it prints, or for the key. */
export interface Program {
  line: number
  code: string
  /** Whether it gets a broker, in the environment variable `BROKER`. */
  needsBroker: boolean
}

/** What is asked for, and the key to it. */
export type Answer =
  | { kind: 'single' | 'multiple'; options: Option[]; isShuffled: boolean }
  | { kind: 'order'; items: Inline[][] }
  | { kind: 'match'; pairs: { item: Inline[]; match: Inline[] }[]; surplus: Inline[][] }
  | { kind: 'numeric'; unit: string | null; rows: KeyRow[]; computed: Program | null }
  | { kind: 'text'; isCaseExact: boolean; rows: KeyRow[] }
  | { kind: 'output'; output: string; program: Program }

export type Question = QuestionBase & Answer
export type Kind = Answer['kind']
export const KINDS: readonly Kind[] = ['single', 'multiple', 'order', 'match', 'numeric', 'text', 'output']
