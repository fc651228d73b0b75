import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../../errors.ts'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { pathInside } from '../../path-inside.ts'
import { type CopiedFile, copiedFiles } from './copied-files.ts'
import { findLeaks } from './leaks.ts'

export interface Release {
  /** Where the copy goes: a folder that is empty or not there, outside of the workbook. */
  folder: string
  /** Exercises whose solutions the students may see. */
  open: readonly Exercise[]
  /** Whether the quizzes keep their keys. */
  quizKeys: boolean
}

/** What was written. */
export interface Released {
  files: number
  /** Texts of answers and keys that were searched for in every file of the copy. */
  searched: number
}

/**
 * Writes the students' copy of the workbook at `root`. Nothing is written when the copy would give an answer away, or when
 * the folder cannot take it: that is a WorkbookError.
 */
export function writeStudentCopy(root: string, { folder, open, quizKeys }: Release): Released {
  refuseFolder(root, folder)
  const closed = listExercises(root).filter(({ name }) => !open.some((one) => one.name === name))
  const files = copiedFiles(root, { edition: 'student', solutions: open, quizKeys })
  const { leaks, searched } = findLeaks(files, { exercises: closed, quizKeys: !quizKeys }, root)
  if (leaks.length > 0) {
    throw new WorkbookError(
      'The copy would give answers away. Nothing was written.',
      leaks.map((leak) => `  ${leak.path} has lines of ${leak.of}`).join('\n'),
    )
  }
  writeFiles(folder, files)
  return { files: files.length, searched }
}

/** Writes files below a folder that is empty or not there. Throws a WorkbookError when the disk does not take them. */
export function writeFiles(folder: string, files: readonly CopiedFile[]): void {
  try {
    for (const file of files) {
      const place = path.join(folder, ...file.path.split('/'))
      mkdirSync(path.dirname(place), { recursive: true })
      writeFileSync(place, file.content, { flag: 'wx' })
    }
  } catch (error) {
    throw new WorkbookError(
      `${folder} could not be written: ${(error as Error).message}.`,
      'Make room, or name another folder. What was begun there is not whole.',
    )
  }
}

/** Throws a WorkbookError unless the folder is empty or not there, and outside of the workbook. */
export function refuseFolder(root: string, folder: string): void {
  const there = existsSync(folder)
  if (there && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new WorkbookError(
      `${folder} is not empty.`,
      'Name a folder that is empty, or that is not there yet.',
    )
  }
  if (pathInside(realpathSync(root), realPath(folder)) !== null) {
    throw new WorkbookError(`${folder} lies inside of the workbook.`, 'Name a folder outside of it.')
  }
}

/** The real path of a place that need not be there: links in the part that is there are followed. */
function realPath(place: string): string {
  if (existsSync(place)) return realpathSync(place)
  const parent = path.dirname(place)
  return parent === place ? place : path.join(realPath(parent), path.basename(place))
}
