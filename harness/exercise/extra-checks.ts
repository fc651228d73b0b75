import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from './find.ts'

/**
 * The exercises with an instructor's own check files, `folder/NN-name/*.check.ts`: they count as the exercise's own do. Without
 * a folder, the exercises as they are.
 */
export function withExtraChecks(exercises: Exercise[], folder: string | undefined): Exercise[] {
  if (folder === undefined) return exercises
  return exercises.map((exercise) => ({
    ...exercise,
    extraCheckFiles: checksIn(path.join(folder, exercise.name)),
  }))
}

function checksIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.check.ts'))
  return names.sort().map((name) => path.join(folder, name))
}
