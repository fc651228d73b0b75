import { readFileSync, writeFileSync } from 'node:fs'
import { WorkbookError } from '../errors.ts'
import type { ExerciseResult } from '../result.ts'
import type { Promised } from './promises.ts'

/** The first round of a `verify`, for a later one that compares another broker with it. */
export interface KeptResults {
  /** Random input of that round: a comparison needs the same. */
  seed: number
  /** By exercise and answer: `03-produce-event null-key`. */
  results: Record<string, ExerciseResult>
}

export function keptName({ exercise, name }: Promised): string {
  return `${exercise.name} ${name}`
}

export function keepResults(file: string, kept: KeptResults): void {
  writeFileSync(file, `${JSON.stringify(kept)}\n`)
}

/** Throws a WorkbookError when the file is not one that `keepResults` wrote. */
export function readKeptResults(file: string): KeptResults {
  const wrong = new WorkbookError(
    `${file} holds no results of verify.`,
    'Write it with: npm run verify -- --output FILE',
  )
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeptResults> | null
    if (typeof kept?.seed !== 'number' || typeof kept.results !== 'object' || kept.results === null)
      throw wrong
    return kept as KeptResults
  } catch {
    throw wrong
  }
}
