import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

function seedFile(output: string): string {
  return path.join(output, '.workbook', 'seed')
}

/** The seed of the earlier runs into this folder; without it nothing that they judged would count. */
export function seedBefore(output: string): number | undefined {
  try {
    const seed = Number(readFileSync(seedFile(output), 'utf8'))
    return Number.isSafeInteger(seed) && seed >= 1 ? seed : undefined
  } catch {
    return undefined
  }
}

/** Makes the output folder, and keeps the seed in it. Throws a WorkbookError when the folder cannot be written. */
export function keepSeed(output: string, seed: number): void {
  try {
    mkdirSync(path.dirname(seedFile(output)), { recursive: true })
    writeFileSync(seedFile(output), `${seed}\n`)
  } catch (error) {
    throw new WorkbookError(
      `${output} cannot be written: ${(error as Error).message}.`,
      'Give another folder to --output.',
    )
  }
}
