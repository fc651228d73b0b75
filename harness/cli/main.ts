import { WorkbookError } from '../errors.ts'
import { editionOf, leftOutOf, refuseLeftOut } from '../exercise/edition.ts'
import { edits } from '../exercise/find.ts'
import { paint } from '../report/style.ts'
import { readArguments } from './arguments.ts'
import type { Invocation } from './command.ts'
import { COMMANDS } from './commands.ts'
import { commandHelp, overallHelp } from './help.ts'
import { handleInterrupts } from './interrupt.ts'
import { noteBug, openScreen, type Screen } from './screen.ts'
import { workbookVersion } from './version.ts'

/**
 * Runs one command line and returns its exit code: 0 passed, 1 not yet, 2 usage, harness or broker error.
 * `root` is the workbook's folder, `built` that of the built harness.
 */
export async function main(argv: string[], root: string, built: string): Promise<number> {
  const plainWanted = argv.includes('--plain') || process.env.npm_config_plain === 'true'
  const screen = openScreen(process.stdout, process.stderr, process.env, plainWanted)
  handleInterrupts(screen)
  const debug = argv.includes('--debug')
  try {
    return await dispatch(
      argv.filter((word) => word !== '--debug'),
      { root, built, screen },
    )
  } catch (error) {
    if (!(error instanceof WorkbookError)) noteBug(screen, error)
    else {
      if (debug) screen.note(error.stack ?? '')
      explain(error, screen)
    }
    return 2
  }
}

type Surroundings = Pick<Invocation, 'root' | 'built' | 'screen'>

async function dispatch(argv: string[], { root, built, screen }: Surroundings): Promise<number> {
  const [name, ...rest] = argv
  if (name === '--version' || name === '-v') {
    screen.print(workbookVersion(root))
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const leftOut = leftOutOf(editionOf(root))
    const there = Object.entries(COMMANDS).filter(([one]) => !leftOut.includes(one))
    screen.print(overallHelp(Object.fromEntries(there), screen.look.width))
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) throw unknownCommand(name)
  if (rest.includes('--help') || rest.includes('-h')) {
    screen.print(commandHelp(command, screen.look.width))
    return 0
  }
  const args = readArguments(rest, command.options, name, process.env)
  refuseLeftOut(root, name)
  const { run } = await command.load()
  return run({ root, built, cwd: process.env.INIT_CWD ?? process.cwd(), args, screen })
}

function explain(error: WorkbookError, screen: Screen): void {
  screen.note(paint(screen.look, 'red', error.message))
  screen.note(error.hint)
}

function unknownCommand(name: string): WorkbookError {
  const near = Object.keys(COMMANDS).find((known) => edits(name, known) <= 2)
  const meant = near ? `Did you mean ${near}? ` : ''
  return new WorkbookError(
    `There is no command "${name}".`,
    `${meant}All commands: npm run workbook -- --help`,
  )
}
