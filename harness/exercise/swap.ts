import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { replaceAnswer } from '../progress/attempts.ts'
import { beginWith } from '../progress/stubs.ts'
import { noSolution, solutionOf } from './answer.ts'
import type { Exercise } from './find.ts'
import { pristineStub } from './pristine.ts'

/** Puts the untouched stub into the learner's file, which is kept: the learner begins anew. Throws a WorkbookError. */
export function resetAnswer(root: string, exercise: Exercise): void {
  const stub = pristineStub(exercise, root)
  replaceAnswer(root, exercise, stub, 'stub')
  beginWith(root, exercise.name, stub)
}

/** Puts the shipped solution into the learner's file, which is kept. Throws a WorkbookError, also where none is shipped. */
export function solveAnswer(root: string, exercise: Exercise): void {
  replaceAnswer(root, exercise, readSolution(root, exercise), 'solution')
}

/** A student's copy may come without solutions, and get them later. */
export function hasSolution(exercise: Exercise): boolean {
  return existsSync(solutionOf(exercise).file)
}

/** The text of the shipped solution. Throws a WorkbookError where none is shipped. */
export function readSolution(root: string, exercise: Exercise): string {
  const { file } = solutionOf(exercise)
  if (hasSolution(exercise)) return readFileSync(file, 'utf8')
  const where = path.relative(root, file).split(path.sep).join('/')
  throw noSolution(exercise, where)
}
