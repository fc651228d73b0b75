import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from './find.ts'

/** An instructor's own check files for an exercise: `folder/NN-name/*.check.ts`. Absolute paths, by name. */
export function extraCheckFiles(exercise: Exercise, folder: string | undefined): string[] {
  const place = folder === undefined ? '' : path.join(folder, exercise.name)
  if (!existsSync(place)) return []
  return readdirSync(place)
    .filter((name) => name.endsWith('.check.ts'))
    .sort()
    .map((name) => path.join(place, name))
}
