import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { isNewStub, stubAtFirst } from '../progress/stubs.ts'
import type { Exercise } from './find.ts'

/** Where the untouched stub of an exercise lies; the learner's own copy is under exercises/. */
export function pristineFile(exercise: Exercise, root: string): string {
  return path.join(root, 'harness', 'exercise', 'pristine', `${exercise.name}.ts.txt`)
}

/** The text of the untouched stub. */
export function pristineStub(exercise: Exercise, root: string): string {
  const file = pristineFile(exercise, root)
  if (!existsSync(file)) {
    throw new WorkbookError(
      `${path.relative(root, file)} is missing.`,
      `Copy the stub there: exercises/${exercise.name}/${path.basename(exercise.file)}`,
    )
  }
  return readFileSync(file, 'utf8')
}

/** What a newer workbook has brought, in one sentence. */
export function newStubSentence({ number }: Exercise): string {
  return `The stub has changed since you began; your file has not: npm run diff ${number} -- --upgrade`
}

export const BEGUN_WITH = 'the stub that you began with'

/**
 * The stub that the learner's changes are changes of, and what to call it: the one of today, or that of an older workbook,
 * where this one brought another (`isOld`).
 */
export function stubBegunWith(
  root: string,
  exercise: Exercise,
): { text: string; name: string; isOld: boolean } {
  const now = pristineStub(exercise, root)
  const first = stubAtFirst(root, exercise.name)
  if (first === null || !isNewStub(root, exercise.name, now)) {
    return { text: now, name: 'the stub', isOld: false }
  }
  return { text: first, name: BEGUN_WITH, isOld: true }
}
