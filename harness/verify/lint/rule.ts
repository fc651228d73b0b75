import path from 'node:path'
import type { Exercise } from '../../exercise/find.ts'

/** A rule of the content: what it finds wrong with one exercise, as `file:line message` relative to the workbook. */
export type Rule = (exercise: Exercise, root: string) => string[]

/** `exercises/03-produce-event/README.md:12 message` */
export function located(root: string, file: string, line: number, message: string): string {
  return `${path.relative(root, file).split(path.sep).join('/')}:${line} ${message}`
}

/** The number of the line in which `index` lies, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
