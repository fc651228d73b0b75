import { readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/**
 * Which copy of the workbook this is: the whole one (a clone), what `npx kafka-workbook init` makes (all but the
 * workbook's own tests), or what a teacher gives to students (no answers, no keys). `package.json` says it as
 * `"workbook": { "copy": ... }`; the whole one says nothing.
 */
export type Edition = 'whole' | 'published' | 'student'

const FOR_AUTHORS = [
  'verify',
  'parity',
  'fuzz',
  'bench',
  'cheats',
  'record',
  'new',
  'package',
  'lint',
  'types',
  'unit',
]
const FOR_TEACHERS = ['release', 'grade']

/** Commands, and scripts of package.json, that a copy leaves out. */
export function leftOutOf(edition: Edition): readonly string[] {
  if (edition === 'whole') return []
  return edition === 'published' ? FOR_AUTHORS : [...FOR_AUTHORS, ...FOR_TEACHERS]
}

/** The edition of the workbook at `root`. */
export function editionOf(root: string): Edition {
  const { copy } = saidOf(root)
  return copy === 'published' || copy === 'student' ? copy : 'whole'
}

/** Throws a WorkbookError when the quizzes at `root` are blank forms. */
export function refuseWithoutKeys(root: string): void {
  if (saidOf(root).quizKeys !== false) return
  throw new WorkbookError(
    'The quizzes of this copy have no keys: they are forms to fill in, quizzes/NAME.md.',
    'Your teacher has the keys. A quiz of your own can be taken: npm run quiz -- --file FILE',
  )
}

function saidOf(root: string): { copy?: unknown; quizKeys?: unknown } {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).workbook ?? {}
}

/** Throws a WorkbookError when the workbook at `root` has not what this command works on. */
export function refuseLeftOut(root: string, command: string): void {
  // Most commands are in every copy: no file has to be read for them.
  if (!leftOutOf('student').includes(command)) return
  const edition = editionOf(root)
  if (!leftOutOf(edition).includes(command)) return
  throw new WorkbookError(
    edition === 'student'
      ? `This is a student's copy of the workbook: it has nothing for "${command}".`
      : `This copy of the workbook has no tests of its own: it has nothing for "${command}".`,
    edition === 'student'
      ? 'What there is: npm run workbook -- --help'
      : 'It works in a clone of the workbook: see "repository" in package.json.',
  )
}
