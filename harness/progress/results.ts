import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ExerciseResult, Result } from '../result.ts'

function resultFile(root: string, exercise: string): string {
  return path.join(root, '.workbook', 'results', `${exercise}.json`)
}

/** Keeps the result of a learner's own answer. Where nothing can be written nothing is kept; that is no error. */
export function keepResult(root: string, exercise: ExerciseResult, whole: Result): void {
  const file = resultFile(root, exercise.exercise)
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    const half = `${file}.${process.pid}`
    writeFileSync(half, `${JSON.stringify({ ...whole, results: [exercise] }, null, 2)}\n`)
    renameSync(half, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
  }
}
