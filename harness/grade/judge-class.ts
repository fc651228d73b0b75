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

/** The result of every text that was handed in, or why there is none; the key is that of `textKey`. */
export type Results = Map<string, ExerciseResult | Error>

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
 * Judges every text that was not judged before. An error of the harness or the broker is no result: it is tried once more
 * when all others are done, in new sessions, so that no answer suffers from what another has broken; and it is never kept.
 */
export async function judgeClass(
  texts: readonly HandedFile[],
  before: JudgedBefore,
  openPool: (pieces: number) => Promise<Pick<SessionPool, 'each' | 'close'>>,
  onProgress: (progress: ClassProgress) => void,
): Promise<Results> {
  const results: Results = new Map()
  for (const { exercise, hash } of texts) {
    const result = before.get(exercise, hash)
    if (result) results.set(textKey(exercise, hash), result)
  }
  const known = results.size
  const startedAt = performance.now()
  const tell = () => {
    const elapsedMs = performance.now() - startedAt
    onProgress({ done: results.size, all: texts.length, before: known, elapsedMs })
  }
  tell()
  const judgeAll = async (open: readonly HandedFile[]) => {
    if (open.length === 0) return
    const pool = await openPool(open.length)
    await pool.each(open, kindOf, async (session, text) => {
      const result = await judgeText(session, text)
      results.set(textKey(text.exercise, text.hash), result)
      if (isSound(result)) before.keep(text.exercise, text.hash, result)
      tell()
    })
    await pool.close()
  }
  await judgeAll(texts.filter((text) => !results.has(keyOf(text))))
  await judgeAll(texts.filter((text) => !isSound(results.get(keyOf(text)))))
  return results
}

const keyOf = ({ exercise, hash }: HandedFile) => textKey(exercise, hash)
const kindOf = ({ exercise }: HandedFile) => exercise.name

function isSound(result: ExerciseResult | Error | undefined): result is ExerciseResult {
  return result !== undefined && !(result instanceof Error) && result.verdict !== 'error'
}

/** Judges one file of a submission. What goes wrong meanwhile is the matter of this file alone. */
async function judgeText(
  session: Session,
  { exercise, staged }: HandedFile,
): Promise<ExerciseResult | Error> {
  try {
    return slimResult(await session.judge(exercise, { kind: 'file', file: staged }), staged)
  } catch (error) {
    return error as Error
  }
}

/** `12 of 96 judged (4 by an earlier run), about 3 min left` */
export function progressLine({ done, all, before, elapsedMs }: ClassProgress): string {
  const now = done - before
  const kept = before > 0 ? ` (${before} by an earlier run)` : ''
  if (now === 0 || done === all) return `${done} of ${all} judged${kept}`
  const seconds = Math.ceil(((elapsedMs / now) * (all - done)) / 1000)
  const left = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `${done} of ${all} judged${kept}, about ${left} left`
}
