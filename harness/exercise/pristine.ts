import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
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
