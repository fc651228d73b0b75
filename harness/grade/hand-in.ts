import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Exercise, listExercises } from '../exercise/find.ts'
import { pristineStub } from '../exercise/pristine.ts'
import type { Submission } from './arrivals.ts'
import { codeHash } from './code-hash.ts'
import { pickAnswers } from './find-answers.ts'
import { readSource, type Source } from './read-source.ts'

const MOST_STRAYS = 5

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
  /** What else a human should know. */
  notes: string[]
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
  const all = listExercises(root)
  const read = async (source: Source) => ({
    ...(await readSource(source, exercises, all)),
    order: source.order,
  })
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
  const isMissing = exercises.some(({ name }) => !picked.has(name))
  const notes = isMissing ? strayNotes(contents.flatMap(({ strays }) => strays)) : []
  return { submission, answers: await Promise.all(answers), problems, notes }
}

/** A file under a name of its own costs all points of an exercise, so it is told. */
function strayNotes(strays: readonly string[]): string[] {
  if (strays.length === 0) return []
  const more = strays.length > MOST_STRAYS ? `, and ${strays.length - MOST_STRAYS} more` : ''
  return [
    `not used, as name or place is that of no answer: ${strays.slice(0, MOST_STRAYS).join(', ')}${more}`,
  ]
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
