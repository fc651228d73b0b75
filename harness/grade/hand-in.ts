import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'
import { pristineStub } from '../exercise/pristine.ts'
import type { Submission } from './arrivals.ts'
import { codeHash } from './code-hash.ts'
import { pickAnswers } from './find-answers.ts'
import { readSource, type Source } from './read-source.ts'

/** What a submission has for one exercise. */
export type HandedAnswer =
  | { kind: 'file'; exercise: Exercise; path: string; staged: string; hash: string; codeHash: string | null }
  | { kind: 'missing'; exercise: Exercise }
  | { kind: 'unclear'; exercise: Exercise; reason: string }

/** A submission that was read: what it has for every exercise that is graded. */
export interface HandIn {
  submission: Submission
  answers: HandedAnswer[]
  problems: string[]
}

/**
 * Reads one submission and copies the bytes of its answers into `stage`, by their hash: whoever handed a text in, it is
 * judged in the same place. A submission without a single answer is unclear in all of them, and so is whatever is missing
 * where something could not be read: no mark is taken away for what we did not see.
 */
export async function readHandIn(
  submission: Submission,
  exercises: readonly Exercise[],
  { root, stage }: { root: string; stage: string },
): Promise<HandIn> {
  const read = async (source: Source) => ({ ...(await readSource(source, exercises)), order: source.order })
  const contents = await Promise.all(submission.sources.map(read))
  const problems = contents.flatMap((one) => one.problems)
  const picked = pickAnswers(contents, exercises)
  const nothing = 'no file in it has the place or the name of an answer'
  const unseen = problems[0] ?? (picked.size === 0 ? nothing : null)
  const answers = exercises.map(async (exercise): Promise<HandedAnswer> => {
    const found = picked.get(exercise.name)
    if (found?.problem) return { kind: 'unclear', exercise, reason: found.problem }
    if (found?.file) {
      const { bytes, path: handedPath } = found.file
      return { kind: 'file', exercise, path: handedPath, ...(await toStage(bytes, exercise, root, stage)) }
    }
    return unseen ? { kind: 'unclear', exercise, reason: unseen } : { kind: 'missing', exercise }
  })
  return { submission, answers: await Promise.all(answers), problems }
}

async function toStage(bytes: Buffer, exercise: Exercise, root: string, stage: string) {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const folder = path.join(stage, 'answers', hash.slice(0, 16), exercise.name)
  const staged = path.join(folder, path.basename(exercise.file))
  await mkdir(folder, { recursive: true })
  await writeFile(staged, bytes)
  const said = await codeHash(bytes.toString('utf8'))
  // A stub that nobody touched is alike everywhere.
  const untouched = said === (await codeHash(pristineStub(exercise, root)))
  return { staged, hash, codeHash: untouched ? null : said }
}
