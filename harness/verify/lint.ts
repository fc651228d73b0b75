import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'
import { lintChecks } from './lint/checks.ts'
import { lintCodeBlocks } from './lint/code-blocks.ts'
import { lintImports } from './lint/imports.ts'
import { lintLeaks } from './lint/leaks.ts'
import { lintPage } from './lint/page.ts'
import { lintStub } from './lint/stub.ts'

/** A rule of the content: what it finds wrong with one exercise, as `file:line message` relative to the workbook. */
export type Rule = (exercise: Exercise, root: string) => string[]

const RULES: Rule[] = [lintPage, lintStub, lintChecks, lintImports, lintLeaks]

/** Everything that is wrong with the content of these exercises; an empty list when nothing is. */
export async function lintContent(exercises: Exercise[], root: string): Promise<string[]> {
  const found = exercises.flatMap((exercise) => RULES.flatMap((rule) => rule(exercise, root)))
  const numbers = exercises.map((exercise) => exercise.number)
  const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index)
  return [
    ...found,
    ...twice.map((number) => `exercises: two folders have the number ${number}`),
    ...(await lintCodeBlocks(exercises, root)),
  ]
}

/** `exercises/03-produce-event/README.md:12 message` */
export function located(root: string, file: string, line: number, message: string): string {
  return `${path.relative(root, file).split(path.sep).join('/')}:${line} ${message}`
}

/** The number of the line in which `index` lies, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
