import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { textHash } from '../text-hash.ts'
import type { Screen } from './screen.ts'

/** Less than a day: who works every evening hears it every evening. */
const SILENT_MS = 12 * 3600 * 1000

/** Says a sentence that is good to know and changes nothing: the first time, and again when it was long ago. */
export function noteDaily(screen: Screen, root: string, sentence: string): void {
  const file = path.join(root, '.workbook', 'told', `${textHash(sentence)}.txt`)
  if (ageMs(file) < SILENT_MS) return
  screen.note(sentence)
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${sentence}\n`)
  } catch {
    // A disk that takes nothing: it is said again the next time.
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
