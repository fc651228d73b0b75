import { writeFileSync } from 'node:fs'
import { WorkbookError } from '../errors.ts'

/** Writes a file, never over one that is there. Throws WorkbookError, with `hint`, when it is there or cannot be written. */
export function writeNew(file: string, content: string | Buffer, hint: string): void {
  try {
    writeFileSync(file, content, { flag: 'wx' })
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isThere ? 'is there already' : `cannot be written: ${(error as Error).message}`
    throw new WorkbookError(`${file} ${why}.`, hint)
  }
}
