import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from './find.ts'

/**
 * The files that an exercise's checks are written in: `NAME.NOUN.ts` beside the check file, by name (golden tables, what
 * several checks are made of, the first part of many checks), and the check file itself. Last come the checks of an instructor.
 */
export function checkFiles(exercise: Exercise): string[] {
  const { checkFile, extraCheckFiles = [], file, scenesFile, playFile } = exercise
  const folder = path.dirname(checkFile)
  if (!existsSync(folder)) return [checkFile, ...extraCheckFiles]
  const name = path.basename(file, '.ts')
  const beside = readdirSync(folder)
    .filter((one) => one.startsWith(`${name}.`) && one.endsWith('.ts'))
    .map((one) => path.join(folder, one))
    .filter((one) => ![file, checkFile, scenesFile, playFile].includes(one))
  return [...beside.sort(), checkFile, ...extraCheckFiles]
}

/** What decides about an answer beside the answer itself: the checks, the scenes (null where there are none) and the bookstore. */
export function judgingFiles(exercise: Exercise, root: string): (string | null)[] {
  return [...checkFiles(exercise), exercise.scenesFile, path.join(root, 'exercises', 'bookstore.ts')]
}
