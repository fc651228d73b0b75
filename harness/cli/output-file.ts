import { statSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Invocation } from './command.ts'

/**
 * The file that `--option` names, as an absolute path; undefined when it is not given. Throws a WorkbookError when no file can be
 * made there: a folder that is missing is better told before a long command than after it.
 */
export function outputFile({ args, cwd }: Invocation, option: string): string | undefined {
  const given = args.text(option)
  if (given === undefined) return undefined
  const file = path.resolve(cwd, given)
  if (isFolder(file)) throw new WorkbookError(`${given} is a folder.`, `Give a file to --${option}.`)
  if (isFolder(path.dirname(file))) return file
  throw new WorkbookError(
    `There is no folder ${path.dirname(file)} for the result.`,
    `Make it first, or give another file to --${option}.`,
  )
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
}
