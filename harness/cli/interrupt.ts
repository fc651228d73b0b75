const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const CLEAN_UP_MS = 3000

type CleanUp = () => Promise<unknown> | unknown
const cleanUps = new Set<CleanUp>()
let interrupted = false

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

/** Ctrl+C and polite kills clean up, then exit with the code that shells expect; a second one exits at once. */
export function handleInterrupts(): void {
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (interrupted) process.exit(code)
      interrupted = true
      const exit = () => process.exit(code)
      setTimeout(exit, CLEAN_UP_MS).unref()
      const running = [...cleanUps]
      cleanUps.clear()
      Promise.allSettled(running.map(async (cleanUp) => cleanUp())).then(exit)
    })
  }
}
