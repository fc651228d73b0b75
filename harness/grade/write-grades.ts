import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { writeWhole } from '../progress/write-whole.ts'
import { feedbackOf } from './export/feedback.ts'
import { gradescopeResults } from './export/gradescope.ts'
import { junitXml } from './export/junit.ts'
import { marksCsv } from './export/marks-csv.ts'
import type { Grades } from './grades.ts'

/** The names of the files that `writeGrades` makes, for the reader of the command's output. */
export const GRADE_FILES = ['marks.csv', 'grades.json', 'junit.xml', 'feedback/', 'gradescope/'] as const

/**
 * Writes the marks of a class into a folder, each file whole or not at all: marks.csv, grades.json, junit.xml, and for each
 * student feedback/ID.md and gradescope/ID.json. Those of an earlier run are replaced.
 */
export function writeGrades(output: string, grades: Grades): void {
  const { exercises, students } = grades
  const files: [string, string][] = [
    ['marks.csv', marksCsv(grades)],
    ['junit.xml', junitXml(grades)],
    ...students.flatMap((student): [string, string][] => [
      [`feedback/${student.id}.md`, feedbackOf(student, exercises)],
      [`gradescope/${student.id}.json`, asText(gradescopeResults(student, grades))],
    ]),
    // The last one: where it is, everything is.
    ['grades.json', asText(grades)],
  ]
  try {
    removeBefore(output)
    for (const folder of ['feedback', 'gradescope']) mkdirSync(path.join(output, folder), { recursive: true })
    for (const [name, text] of files) {
      const file = path.join(output, ...name.split('/'))
      writeWhole(file, `${file}.${process.pid}`, Buffer.from(text))
    }
  } catch (error) {
    if (error instanceof WorkbookError) throw error
    throw new WorkbookError(
      `The marks could not be written: ${(error as Error).message}.`,
      'Make room, or give another folder to --output. What was judged is kept.',
    )
  }
}

/** The files of students of an earlier run: who is no longer there must not seem to be. Nothing else is touched. */
function removeBefore(output: string): void {
  const before = path.join(output, 'grades.json')
  if (!existsSync(before)) return
  for (const { id } of readGrades(before).students) {
    const name = path.basename(id)
    rmSync(path.join(output, 'feedback', `${name}.md`), { force: true })
    rmSync(path.join(output, 'gradescope', `${name}.json`), { force: true })
  }
  rmSync(before)
}

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** Reads a grades.json. Throws a WorkbookError when the file is none. */
export function readGrades(file: string): Grades {
  try {
    const grades = JSON.parse(readFileSync(file, 'utf8')) as Partial<Grades> | null
    if (grades?.schemaVersion === 1 && Array.isArray(grades.students) && Array.isArray(grades.exercises))
      return grades as Grades
  } catch {
    // The same sentence for every reason.
  }
  throw new WorkbookError(`${file} is no grades.json.`, 'npm run grade writes it into its output folder.')
}
