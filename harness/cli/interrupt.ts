import { noteBug, type Screen } from './screen.ts'

/** What shells make of an end by this signal: 128 and its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const
const CLEAN_UP_MS = 3000
const PARENT_LOOKED_AT_EVERY_MS = 500

type CleanUp = () => Promise<unknown> | unknown
const cleanUps = new Set<CleanUp>()
let interrupted = false
let ignoring = 0

/**
 * Runs `work` with something open; `cleanUp` runs once, after the work or when the tool is interrupted, whichever comes
 * first.
 */
export async function withCleanUp<T>(cleanUp: CleanUp, work: () => Promise<T>): Promise<T> {
  cleanUps.add(cleanUp)
  try {
    return await work()
  } finally {
    if (cleanUps.delete(cleanUp)) await cleanUp()
  }
}

/**
 * Ctrl+C, polite kills, and a reader that closes the pipe (`| head`) clean up, then exit with the code that shells
 * expect; a second one exits at once. What the command had still to say would be about its own end, so it is not said.
 * An error outside of every command's reach ends in exit code 2, too: Node's own 1 means "not yet".
 */
export function handleInterrupts(screen: Screen): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || ignoring === 0) leave(EXIT_CODES[signal], screen)
    })
  }
  leaveWithNpm(screen)
  process.on('uncaughtException', (error) => {
    if (interrupted) return
    noteBug(screen, error)
    leave(2, screen)
  })
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Every further write fails, too, and is no second interruption.
      if (interrupted) return
      if (error.code !== 'EPIPE') screen.note(`The output could not be written: ${error.message}`)
      leave(error.code === 'EPIPE' ? EXIT_CODES.SIGPIPE : 2, screen)
    })
  }
}

/**
 * npm starts a command by way of a shell, and hands SIGTERM on to the shell only: the command would go on alone, with its
 * broker. It has another parent then. Whoever starts the workbook without npm may leave it running.
 */
function leaveWithNpm(screen: Screen): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) leave(EXIT_CODES.SIGTERM, screen)
  }, PARENT_LOOKED_AT_EVERY_MS).unref()
}

/** Runs `work` while Ctrl+C is for another program, in the same terminal, that knows what it means. */
export async function ignoringInterrupts<T>(work: () => Promise<T>): Promise<T> {
  ignoring += 1
  try {
    return await work()
  } finally {
    ignoring -= 1
  }
}

function leave(code: number, screen: Screen): void {
  if (interrupted) process.exit(code)
  interrupted = true
  screen.close()
  const exit = () => process.exit(code)
  setTimeout(exit, CLEAN_UP_MS)
  const running = [...cleanUps]
  cleanUps.clear()
  Promise.allSettled(running.map(async (cleanUp) => cleanUp())).then(exit)
}
