import { statSync } from 'node:fs'
import path from 'node:path'
import type { Confinement } from '../answer/confine.ts'
import { WorkbookError } from '../errors.ts'
import type { Arguments, Options } from './arguments.ts'

/** How far answers are trusted. */
export const CONFINEMENT_OPTIONS: Options = {
  strict: { type: 'boolean', help: 'do not trust the answers: no files, no processes, two seeds' },
  container: { type: 'boolean', help: 'trust them even less: in a container without a network, two seeds' },
}

/** The options of commands that judge answers of others. */
export const TRUST_OPTIONS: Options = {
  ...CONFINEMENT_OPTIONS,
  extra: { type: 'string', value: 'DIR', help: 'checks of your own, too: DIR/NN-name/*.check.ts' },
}

/** How answers are confined. Throws a WorkbookError when two ways are asked for. */
export function confinementOf(args: Arguments): Confinement {
  const [strict, container] = [args.flag('strict'), args.flag('container')]
  if (strict && container) {
    throw new WorkbookError('--strict and --container exclude each other.', 'The container keeps more out.')
  }
  return container ? 'container' : strict ? 'strict' : 'learn'
}

/** The folder of `--extra`. Throws a WorkbookError when it is not there. */
export function extraChecksOf(args: Arguments, cwd: string): string | undefined {
  const given = args.text('extra')
  if (given === undefined) return undefined
  const folder = path.resolve(cwd, given)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new WorkbookError(`There is no folder ${folder}.`, 'Check what you gave to --extra.')
}
