import { spawn, spawnSync } from 'node:child_process'
import readline from 'node:readline'

/**
 * Whether a test can have `what`, which is there or not. Where it is not, a plain line says what is left out; with
 * WORKBOOK_TEST_ALL, as in .ci/run, the tests run all the same, and fail.
 */
export function canTest(what: string, isHere: boolean): boolean {
  if (isHere || process.env.WORKBOOK_TEST_ALL) return true
  process.stderr.write(`There is no ${what} here: its tests are left out.\n`)
  return false
}

/** Whether this program can be started. */
export function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).error === undefined
}

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A program at work. */
export interface Running {
  /** Everything that it wrote to standard error so far. */
  stderr(): string
  /** The lines of its standard output so far. */
  lines: string[]
  ended: Promise<Ended>
  /** Asks it to end (SIGTERM). */
  stop(): Promise<Ended>
}

/** Starts a program with `input` as its standard input. */
export function start(program: string, args: string[], input = ''): Running {
  const child = spawn(program, args)
  const lines: string[] = []
  let stderr = ''
  child.stderr.on('data', (part) => {
    stderr += part
  })
  readline.createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: lines.join('\n'), stderr }))
  })
  // It may end without reading.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return {
    stderr: () => stderr,
    lines,
    ended,
    stop() {
      child.kill()
      return ended
    },
  }
}

/** Runs a program to its end; its standard output. Rejects with what it said when it fails. */
export async function run(program: string, args: string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await start(program, args, input).ended
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
}
