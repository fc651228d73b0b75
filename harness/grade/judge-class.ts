import type { Exercise } from '../exercise/find.ts'
import type { ExerciseResult } from '../result.ts'
import type { Session } from '../run/session.ts'
import type { SessionPool } from '../run/session-pool.ts'
import type { HandedAnswer, HandIn } from './hand-in.ts'
import type { JudgedBefore } from './judged-before.ts'
import { slimResult } from './slim-result.ts'

type HandedFile = Extract<HandedAnswer, { kind: 'file' }>

/** How far a class is. */
export interface ClassProgress {
  done: number
  all: number
  /** Of `done`, how many earlier runs have judged. */
  before: number
  elapsedMs: number
}

/** The result of every text that was handed in; the key is that of `textKey`. */
export type Results = Map<string, ExerciseResult>

export function textKey(exercise: Exercise, hash: string): string {
  return `${exercise.name} ${hash}`
}

/** Every distinct text of the class: one that several have handed in is judged once. */
export function distinctTexts(handIns: readonly HandIn[]): HandedFile[] {
  const texts = new Map<string, HandedFile>()
  for (const { answers } of handIns)
    for (const answer of answers) {
      if (answer.kind !== 'file') continue
      const key = textKey(answer.exercise, answer.hash)
      if (!texts.has(key)) texts.set(key, answer)
    }
  return [...texts.values()]
}

/**
 * Judges every text that was not judged before, in all sessions of the pool. `openPool` is called when there is one. An error
 * of the harness or the broker is tried once more, and is never kept: the next run tries again.
 */
export async function judgeClass(
  texts: readonly HandedFile[],
  before: JudgedBefore,
  openPool: (pieces: number) => Promise<SessionPool>,
  onProgress: (progress: ClassProgress) => void,
): Promise<Results> {
  const results: Results = new Map()
  const known = texts.filter(({ exercise, hash }) => before.get(exercise, hash))
  for (const { exercise, hash } of known) {
    const result = before.get(exercise, hash)
    if (result) results.set(textKey(exercise, hash), result)
  }
  const open = texts.filter(({ exercise, hash }) => !results.has(textKey(exercise, hash)))
  const startedAt = performance.now()
  const tell = () => {
    const elapsedMs = performance.now() - startedAt
    onProgress({ done: results.size, all: texts.length, before: known.length, elapsedMs })
  }
  tell()
  if (open.length === 0) return results
  const pool = await openPool(open.length)
  await pool.each(
    open,
    ({ exercise }) => exercise.name,
    async (session, text) => {
      const result = await judgeText(session, text)
      results.set(textKey(text.exercise, text.hash), result)
      if (result.verdict !== 'error') before.keep(text.exercise, text.hash, result)
      tell()
    },
  )
  return results
}

/** Judges one file of a submission. */
async function judgeText(session: Session, { exercise, staged }: HandedFile): Promise<ExerciseResult> {
  const answer = { kind: 'file' as const, file: staged }
  const first = await session.judge(exercise, answer)
  const result = first.verdict === 'error' ? await session.judge(exercise, answer) : first
  return slimResult(result, staged)
}

/** `12 of 96 judged (4 before), about 3 min left` */
export function progressLine({ done, all, before, elapsedMs }: ClassProgress): string {
  const now = done - before
  const kept = before > 0 ? ` (${before} by an earlier run)` : ''
  if (now === 0 || done === all) return `${done} of ${all} judged${kept}`
  const seconds = Math.ceil(((elapsedMs / now) * (all - done)) / 1000)
  const left = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `${done} of ${all} judged${kept}, about ${left} left`
}
