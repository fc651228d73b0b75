import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { pristineFile } from '../exercise/pristine.ts'

/** The kinds of exercise that there is a beginning for, in `harness/verify/new-exercise/KIND/`. */
export const NEW_KINDS = ['broker', 'pure'] as const
export type NewKind = (typeof NEW_KINDS)[number]

const NAME = /^[a-z]+(-[a-z]+)+$/

/**
 * Makes the folders of a new exercise behind the last one: page, stub, pristine copy, checks, hints, scenes, a solution, an
 * alternative and a mistake. They work together; what is to be written is marked `TODO(author)`. Returns the exercise, and
 * its files by their path in the workbook. Nothing is written over.
 */
export function newExercise(
  root: string,
  name: string,
  kind: NewKind,
): { exercise: Exercise; files: string[] } {
  if (!NAME.test(name)) {
    throw new WorkbookError(
      `"${name}" is no name for an exercise.`,
      'Two words or more, in small letters, with a dash between them, and a verb first: count-orders',
    )
  }
  const before = listExercises(root)
  const same = before.find((one) => one.name.slice(3) === name)
  if (same) throw new WorkbookError(`There is ${same.name} already.`, 'Take another name.')
  const number = `${Number(before.at(-1)?.number ?? 0) + 1}`.padStart(2, '0')
  const words = { number, name, function: camelCase(name) }
  const templates = path.join(root, 'harness', 'verify', 'new-exercise', kind)
  const files = filesUnder(templates).map((file) => {
    const place = placeOf(file, words)
    write(path.join(root, place), filled(readFileSync(path.join(templates, file), 'utf8'), words))
    return place
  })
  const exercise = findExercise(listExercises(root), number)
  write(pristineFile(exercise, root), readFileSync(exercise.file, 'utf8'))
  return { exercise, files: [...files, path.relative(root, pristineFile(exercise, root))].sort() }
}

interface Words {
  number: string
  name: string
  function: string
}

/** `solution.ts`, alternatives and mistakes go to solutions/, the rest to exercises/. */
function placeOf(template: string, { number, name }: Words): string {
  const file = template.replace(/\.txt$/, '').replace(/^NAME/, name)
  const folder = `${number}-${name}`
  if (file === 'solution.ts') return path.join('solutions', folder, `${name}.ts`)
  const isAnswer = path.dirname(file) !== '.'
  return path.join(isAnswer ? 'solutions' : 'exercises', folder, file)
}

function filled(text: string, words: Words): string {
  return text.replace(/\{\{(number|name|function)\}\}/g, (_, word: keyof Words) => words[word])
}

function filesUnder(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(path.join(folder, name)).isFile()).sort()
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
