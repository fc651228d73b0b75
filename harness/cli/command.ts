import type { Arguments, Options } from './arguments.ts'
import type { Screen } from './screen.ts'

/** What every command gets. */
export interface Invocation {
  /** Absolute path of the workbook. */
  root: string
  /** Folder of the built harness. */
  built: string
  /** Where the learner stands: paths in arguments are relative to it. */
  cwd: string
  args: Arguments
  screen: Screen
}

/** One command of the tool. `load` brings in its code, so that `list` and `--help` stay quick. */
export interface Command {
  /** Arguments as the help shows them: `[NN...]`. */
  usage: string
  /** How it is started: `npm test`. */
  start: string
  summary: string
  options: Options
  load(): Promise<{ run(invocation: Invocation): Promise<number> }>
}
