import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/** The files of all quizzes of the workbook, by name. Throws a WorkbookError when their folder cannot be read. */
export function quizFiles(root: string): string[] {
  const folder = path.join(root, 'quizzes')
  if (!existsSync(folder)) return []
  const names = namesIn(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
  return names.sort().map((name) => path.join(folder, name))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new WorkbookError(
      `${folder} cannot be read: ${(error as Error).message}.`,
      'The quizzes lie there.',
    )
  }
}

/**
 * The quiz that has a question about a mistake of an exercise, `05/math-abs`, as a wrong option; null when none has. Looks
 * for the mark alone: a verdict does not wait for the files to be understood, and does without one that cannot be read.
 */
export function quizAbout(root: string, mistake: string): string | null {
  const mark = new RegExp(`\\bm=${mistake}(?![\\w-])`)
  const file = filesOrNone(root).find((one) => mark.test(textOf(one)))
  return file === undefined ? null : path.basename(file, '.md')
}

function filesOrNone(root: string): string[] {
  try {
    return quizFiles(root)
  } catch {
    return []
  }
}

/** `quizAbout`, which looks for each mistake only once: a screen that is drawn again and again reads no file again. */
export function quizzesAbout(root: string): (mistake: string) => string | null {
  const known = new Map<string, string | null>()
  return (mistake) => {
    const found = known.has(mistake) ? known.get(mistake) : quizAbout(root, mistake)
    known.set(mistake, found ?? null)
    return found ?? null
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
