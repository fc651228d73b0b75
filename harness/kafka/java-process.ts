import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'

/** Java at work in a folder of its own, under its keeper. */
export interface JavaProcess {
  /** True once it is over, whoever ended it. */
  ended(): boolean
  /** Everything that it printed so far; when it ended by itself, the last line tells its exit code. */
  log(): string
  /** Ends it, and removes its folder. */
  stop(): Promise<void>
  /** Lets it go on without this process, for as long as `file` is there, and two hours at most. */
  leave(file: string): void
}

export interface JavaWork {
  /** It goes when the commands end, or when this process does. */
  folder: string
  /** They run one after the other. */
  commands: string[][]
  /** A file that Java makes when it leaves in peace, and where it is kept. Without one, it is ended at once. */
  archive?: { made: string; kept: string } | undefined
}

/** Runs commands of Java: see harness/bin/java-keeper.mjs. `root` is the folder of the workbook, where the keeper lies. */
export function runJava(root: string, work: JavaWork): JavaProcess {
  const keeperFile = path.join(root, 'harness', 'bin', 'java-keeper.mjs')
  const keeper = spawn(process.execPath, [keeperFile, JSON.stringify(work)], {
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
    lastWords = readJavaLog(work.folder)
    fs.rmSync(work.folder, { recursive: true, force: true })
  })
  return {
    ended: () => lastWords !== null,
    log: () => lastWords ?? readJavaLog(work.folder),
    async stop() {
      // Not the end of the pipe: that would be the end of this process, and leave no time for a farewell.
      keeper.stdin.write('end\n')
      await ending
    },
    leave(file) {
      keeper.stdin.end(`stay ${file}\n`)
      keeper.unref()
    },
  }
}

/** What Java has printed in its folder so far. */
export function readJavaLog(folder: string): string {
  try {
    return fs.readFileSync(path.join(folder, 'kafka.log'), 'utf8')
  } catch {
    return ''
  }
}
