import { existsSync, readFileSync } from 'node:fs'
import { type Exercise, readPage } from '../../exercise/find.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { located } from './rule.ts'

/**
 * The untouched stub says TODO (or is a program to fix) and asks for no harness. In CI, where nobody has worked on it,
 * the learner's copy is the same text.
 */
export function lintStub(exercise: Exercise, root: string): string[] {
  const pristine = pristineFile(exercise, root)
  if (!existsSync(pristine)) return [located(root, pristine, 1, 'the pristine stub is missing')]
  const text = readFileSync(pristine, 'utf8')
  const wrong: string[] = []
  if (readPage(exercise).kind !== 'fix this' && !/throw new Error\('TODO /.test(text)) {
    wrong.push(located(root, pristine, 1, "the stub should throw new Error('TODO ...')"))
  }
  if (process.env.CI && text !== readFileSync(exercise.file, 'utf8').replaceAll('\r\n', '\n')) {
    wrong.push(located(root, exercise.file, 1, 'differs from its pristine stub'))
  }
  return wrong
}
