import type { Confinement } from '../answer/confine.ts'
import type { DeclaredCheck } from '../exercise/declared-checks.ts'
import type { BrokerKind, CheckVerdict, ExerciseResult } from '../result.ts'

/** The marks of a class: the content of grades.json, from which every other file is made. Its schema is harness/grades.schema.json. */
export interface Grades {
  schemaVersion: 1
  /** Version of the workbook. */
  workbook: string
  node: string
  broker: { kind: BrokerKind; version: string }
  /** How far the answers were trusted, and with it how often they were judged; docs/trust.md. */
  mode: Confinement
  seed: number
  /** ISO 8601. */
  startedAt: string
  durationMs: number
  /** Null when the class was graded in one go, or was put together again. */
  shard: Shard | null
  exercises: GradedExercise[]
  students: GradedStudent[]
  /** Files and folders that belong to no student. */
  notRecognised: { name: string; reason: string }[]
}

/** The part `index` of `of` parts, counted from 1. */
export interface Shard {
  index: number
  of: number
}

/** What there is to reach, fixed before anything is judged. */
export interface GradedExercise {
  name: string
  maxPoints: number
  maxStretchPoints: number
  checks: DeclaredCheck[]
}

export interface GradedStudent {
  /** Names the student's files. */
  id: string
  /** From the names of what was handed in; anybody may have chosen it. */
  name: string
  systemId: string
  late: boolean
  notes: string[]
  answers: GradedAnswer[]
}

/**
 * One answer. `by hand` is what nobody but a human can mark: the workbook or the broker failed, or what was handed in could
 * not be read. It has no points, and that is not zero points.
 */
export type GradedAnswer = {
  exercise: string
  /** Ids of students with the same text. */
  sameTextAs: string[]
} & (
  | {
      status: 'graded'
      points: number
      stretchPoints: number
      path: string
      codeHash: string | null
      result: ExerciseResult
    }
  | { status: 'not handed in'; points: 0; stretchPoints: 0 }
  | { status: 'by hand'; reason: string; path: string | null; codeHash: string | null }
)

/** A check that was planned, and how it ended; null when the run lost it. */
export interface PlannedOutcome {
  check: DeclaredCheck
  verdict: CheckVerdict | null
}

/** Every planned check with its verdict. What a run says of checks that nobody planned, or twice of one, counts for nothing. */
export function outcomesOf({ checks }: GradedExercise, result: ExerciseResult): PlannedOutcome[] {
  return checks.map((check) => {
    const found = result.checks.filter(({ id }) => id === check.id)
    return { check, verdict: found.length === 1 ? (found[0]?.verdict ?? null) : null }
  })
}

/** How the answers were judged, each by a word for several of its kind: marks of two ways do not belong in one list. */
export function waysOf({ workbook, broker, mode, seed }: Grades): [name: string, value: string][] {
  return [
    ['versions of the workbook', workbook],
    ['brokers', `${broker.kind} ${broker.version}`],
    ['modes', mode],
    ['seeds', `${seed}`],
  ]
}

/** The points that a student has in all, or null while one of the marks is a human's to give. */
export function totalOf({ answers }: GradedStudent): number | null {
  let total = 0
  for (const answer of answers) {
    if (answer.status === 'by hand') return null
    total += answer.points
  }
  return total
}
