import { WorkbookError } from '../errors.ts'
import type { Screen } from './screen.ts'

/**
 * What is to be kept of a run, and cannot be: told once, and it costs nobody the verdict. A read-only folder is judged like
 * any other.
 */
export function keepOrTell(screen: Screen): (keep: () => void) => void {
  let told = false
  return (keep) => {
    try {
      keep()
    } catch (error) {
      if (!(error instanceof WorkbookError)) throw error
      if (!told) screen.note(`${error.message} The verdict holds all the same.`)
      told = true
    }
  }
}
