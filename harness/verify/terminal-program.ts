import { spawn } from 'node:child_process'
import { WorkbookError } from '../errors.ts'

const LONGEST_WAIT_MS = 60_000

/** A program with a terminal of its own, and somebody at it. Moments are those of `performance.now()`. */
export interface TerminalProgram {
  startedAt: number
  /** The moment at which this was on the screen, behind what was waited for before. Rejects when it does not come. */
  sees(expected: RegExp): Promise<number>
  /** Presses keys, as a terminal sends them; the moment at which that was done. */
  press(keys: string): number
  /** Waits for its end. */
  ended(): Promise<void>
  kill(): void
}

/** How `script` runs a command line in a terminal: https://man7.org/linux/man-pages/man1/script.1.html, and that of the BSDs. */
export function scriptPlan(platform: NodeJS.Platform, command: readonly string[]): string[] {
  // It begins with no size at all, as there is no terminal around it.
  const line = `stty cols 80 rows 24 && exec ${command.map(quoted).join(' ')}`
  if (platform === 'linux') return ['-qfec', line, '/dev/null']
  if (platform === 'darwin') return ['-q', '/dev/null', '/bin/sh', '-c', line]
  throw new WorkbookError(
    'There is no "script" on this system, which opens a terminal for a program.',
    'This is measured on Linux and macOS.',
  )
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Starts a command in a real terminal of 80 columns and 24 rows. */
export function startInTerminal(command: readonly string[], cwd: string): TerminalProgram {
  const args = scriptPlan(process.platform, command)
  const env = { ...process.env, TERM: 'xterm-256color', CI: '', NO_COLOR: '' }
  const startedAt = performance.now()
  const child = spawn('script', args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const end = () => void child.kill('SIGKILL')
  process.once('exit', end)
  let text = ''
  let seen = 0
  let closed = false
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    look()
  })
  // A program that has gone reads nothing more.
  child.stdin.on('error', () => {})
  const gone = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => {
      process.off('exit', end)
      closed = true
      look()
      resolve()
    })
  })
  gone.catch(() => {})

  return {
    startedAt,
    async sees(expected) {
      const seeing = new Promise<number>((resolve, reject) => {
        const giveUp = () => reject(new Error(`The terminal does not show ${expected}:\n${text.slice(seen)}`))
        const patience = setTimeout(giveUp, LONGEST_WAIT_MS)
        look = () => {
          const found = expected.exec(text.slice(seen))
          if (!found && !closed) return
          clearTimeout(patience)
          look = () => {}
          if (!found) return giveUp()
          seen += found.index + found[0].length
          resolve(performance.now())
        }
        look()
      })
      return Promise.race([seeing, gone.then(() => seeing)])
    },
    press(keys) {
      child.stdin.write(keys)
      return performance.now()
    },
    ended: () => gone,
    kill: end,
  }
}
