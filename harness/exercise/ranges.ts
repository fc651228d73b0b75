import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise } from './find.ts'

/** The exercises that a text like `01-06,08` means, in the book's order; none when it is undefined. */
export function exercisesIn(text: string | undefined, exercises: Exercise[]): Exercise[] {
  if (text === undefined) return []
  if (text === 'all') return exercises
  const wanted = new Set(text.split(/[\s,]+/).flatMap((part) => exercisesOf(part, exercises)))
  return exercises.filter((one) => wanted.has(one))
}

function exercisesOf(part: string, exercises: Exercise[]): Exercise[] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(part) ?? []
  if (first === undefined || last === undefined) return [findExercise(exercises, part)]
  const [from, to] = [findExercise(exercises, first), findExercise(exercises, last)]
  const range = exercises.slice(exercises.indexOf(from), exercises.indexOf(to) + 1)
  if (range.length === 0)
    throw new WorkbookError(`${part} ends before it begins.`, `Did you mean ${last}-${first}?`)
  return range
}
