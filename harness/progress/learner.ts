import { WorkbookError } from '../errors.ts'
import type { ExerciseResult, Verdict } from '../result.ts'
import { Journal } from './journal.ts'

/** What a learner has done with the exercises. `at` is ISO 8601, `exercise` is `03-produce-event`. */
export type LearnerEntry =
  /** The learner's own file was judged. `mistakes` are the ids that the verdict named. */
  | {
      kind: 'judged'
      at: string
      exercise: string
      hash: string
      verdict: Verdict
      mistakes: string[]
      durationMs: number
    }
  /** `hint` is `Nudge`, `Pointer`, `Near-solution`, or the id of a mistake. */
  | { kind: 'hinted'; at: string; exercise: string; hint: string }
  /** The text of the file was changed by a command. `hash` is that of the text from now on, `from` of the one before; '' is no file. */
  | {
      kind: 'swapped'
      at: string
      exercise: string
      to: 'stub' | 'solution' | 'attempt'
      hash: string
      from: string
    }
  /** The learner takes this path through the book from now on: `two hours`. */
  | { kind: 'path'; at: string; path: string }

type ExerciseEntry = Exclude<LearnerEntry, { kind: 'path' }>

/** How far a learner is with one exercise. What was passed once stays passed. */
export interface ExerciseState {
  passed: boolean
  /** ISO 8601. */
  passedAt: string | null
  /** The last one that says something about the learner's own text: never `error`. */
  verdict: Verdict | null
  /** Texts of the learner's own that were judged; the same text again is no other attempt. */
  attempts: number
  /** Each once, in the order in which they were asked for. */
  hints: string[]
  mistakesMade: string[]
  /** Those after which the learner has passed. */
  mistakesMended: string[]
  /** `solution` from `solve` on, until the file is swapped back or another text is judged. */
  holds: 'own' | 'solution'
}

/** `.workbook/learner.jsonl` */
export function learnerJournal(root: string): Journal<LearnerEntry> {
  return new Journal<LearnerEntry>(root, 'learner')
}

/** The entry for a judgement of the learner's own file. */
export function judgedEntry(result: ExerciseResult, at: Date): LearnerEntry {
  return {
    kind: 'judged',
    at: at.toISOString(),
    exercise: result.exercise,
    hash: result.answer.hash,
    verdict: result.verdict,
    mistakes: [...new Set(result.checks.flatMap(({ mistake }) => mistake?.id ?? []))],
    durationMs: result.durationMs,
  }
}

/**
 * The state of every exercise that there is an entry of. A judgement of the shipped solution, once `solve` has brought it
 * in, is none of the learner's; whatever cannot be understood, as from another version, is left out.
 */
export function statesOf(entries: readonly LearnerEntry[]): Map<string, ExerciseState> {
  const byExercise = new Map<string, ExerciseEntry[]>()
  for (const entry of entries) {
    if (!isWhole(entry)) continue
    const own = byExercise.get(entry.exercise)
    if (own) own.push(entry)
    else byExercise.set(entry.exercise, [entry])
  }
  return new Map([...byExercise].map(([exercise, own]) => [exercise, stateOf(own)]))
}

/** The name of the path that was taken last; null when none was. */
export function pathTaken(entries: readonly LearnerEntry[]): string | null {
  const last = entries.findLast((entry) => entry.kind === 'path')
  return typeof last?.path === 'string' ? last.path : null
}

/** The first exercise that is not passed; the last one when all are. */
export function exerciseInHand<E extends { name: string }>(
  exercises: readonly E[],
  states: ReadonlyMap<string, ExerciseState>,
): E {
  const inHand = exercises.find(({ name }) => !states.get(name)?.passed) ?? exercises.at(-1)
  if (inHand) return inHand
  throw new WorkbookError('There is no exercise here.', 'They lie in exercises/NN-name.')
}

function stateOf(entries: readonly ExerciseEntry[]): ExerciseState {
  const solutions = new Set<string>()
  const texts = new Set<string>()
  const hints = new Set<string>()
  const open = new Set<string>()
  const mended = new Set<string>()
  const state: ExerciseState = {
    passed: false,
    passedAt: null,
    verdict: null,
    attempts: 0,
    hints: [],
    mistakesMade: [],
    mistakesMended: [],
    holds: 'own',
  }
  for (const entry of entries) {
    if (entry.kind === 'hinted') hints.add(entry.hint)
    else if (entry.kind === 'swapped') {
      if (entry.to === 'solution') solutions.add(entry.hash)
      state.holds = solutions.has(entry.hash) ? 'solution' : 'own'
    } else if (!solutions.has(entry.hash)) {
      state.holds = 'own'
      if (entry.verdict === 'error') continue
      texts.add(entry.hash)
      state.verdict = entry.verdict
      for (const id of entry.mistakes) {
        open.add(id)
        mended.delete(id)
      }
      if (entry.verdict !== 'passed') continue
      for (const id of open) mended.add(id)
      open.clear()
      state.passed = true
      state.passedAt ??= entry.at
    }
  }
  return {
    ...state,
    attempts: texts.size,
    hints: [...hints],
    mistakesMade: [...new Set([...mended, ...open])].sort(),
    mistakesMended: [...mended].sort(),
  }
}

/** A line of the journal may have been written by hand, or by another version. */
function isWhole(entry: LearnerEntry): entry is ExerciseEntry {
  if (entry.kind === 'path' || typeof entry.exercise !== 'string') return false
  if (entry.kind === 'hinted') return typeof entry.hint === 'string'
  if (entry.kind === 'swapped') return typeof entry.hash === 'string'
  return entry.kind === 'judged' && typeof entry.hash === 'string' && Array.isArray(entry.mistakes)
}
