import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'

/** Java at work in a folder of its own, under its keeper. */
export interface JavaProcess {
  /** True once it is over, whoever ended it. */
  ended(): boolean
  /** Everything that it printed so far. */
  log(): string
  /** Ends it at once, and removes its folder. */
  stop(): Promise<void>
}

/**
 * Runs commands of Java one after the other in `folder`, which goes when they end, or when this process does: see
 * harness/bin/java-keeper.mjs. `root` is the folder of the workbook, where the keeper lies.
 */
export function runJava(root: string, folder: string, commands: string[][]): JavaProcess {
  const keeperFile = path.join(root, 'harness', 'bin', 'java-keeper.mjs')
  const keeper = spawn(process.execPath, [keeperFile, JSON.stringify({ folder, commands })], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A debugger of this process is none of the keeper's business.
    env: { ...process.env, NODE_OPTIONS: '' },
    // Ctrl+C goes to all processes of a terminal; the keeper waits for the end of this one.
    detached: true,
    windowsHide: true,
  })
  // The keeper may end before it is told to.
  keeper.stdin.on('error', () => {})
  let lastWords: string | null = null
  const ending = once(keeper, 'exit').then(() => {
    lastWords = readLog(folder)
    fs.rmSync(folder, { recursive: true, force: true })
  })
  return {
    ended: () => lastWords !== null,
    log: () => lastWords ?? readLog(folder),
    async stop() {
      keeper.stdin.end()
      await ending
    },
  }
}

function readLog(folder: string): string {
  try {
    return fs.readFileSync(path.join(folder, 'kafka.log'), 'utf8')
  } catch {
    return ''
  }
}
