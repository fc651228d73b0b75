import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { textHash } from '../text-hash.ts'
import { writeWhole } from './write-whole.ts'

/**
 * The stub that a learner began with, as `.workbook/stubs/NN-name.ts`: a later version of the workbook may bring another
 * one, while the learner's file stays. Beside it lies, as `NN-name.told`, the hash of the newer one that was told of.
 */
function stubFile(root: string, exercise: string, ending: 'ts' | 'told'): string {
  return path.join(root, '.workbook', 'stubs', `${exercise}.${ending}`)
}

/** The stub that the learner began with; null when none was remembered yet. Throws a WorkbookError when it cannot be read. */
export function stubAtFirst(root: string, exercise: string): string | null {
  return read(stubFile(root, exercise, 'ts'))
}

/** Whether this is another stub than the one that the learner began with. Line ends are no change. */
export function isNewStub(root: string, exercise: string, stub: string): boolean {
  const first = stubAtFirst(root, exercise)
  return first !== null && textHash(first) !== textHash(stub)
}

/** Remembers the stub that the learner begins with, or begins anew. Throws a WorkbookError. */
export function beginWith(root: string, exercise: string, stub: string): void {
  write(stubFile(root, exercise, 'ts'), stub)
}

/**
 * Whether the stub has changed since the learner began, and this was not yet told: true once for each new stub. At first
 * sight it is remembered. Throws a WorkbookError when it cannot be remembered.
 */
export function hasNewStub(root: string, exercise: string, stub: string): boolean {
  if (stubAtFirst(root, exercise) === null) beginWith(root, exercise, stub)
  const hash = textHash(stub)
  if (!isNewStub(root, exercise, stub) || read(stubFile(root, exercise, 'told')) === hash) return false
  write(stubFile(root, exercise, 'told'), hash)
  return true
}

function read(file: string): string | null {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : null
  } catch (error) {
    throw new WorkbookError(
      `${file} cannot be read: ${(error as Error).message}.`,
      'Make it readable, or put it out of the way.',
    )
  }
}

function write(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeWhole(file, `${file}.${process.pid}`, Buffer.from(text))
  } catch (error) {
    throw new WorkbookError(
      `The stub cannot be remembered: ${(error as Error).message}.`,
      'Make room, or make the folder .workbook writable.',
    )
  }
}
