import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { childEnvironment } from '../../answer/environment.ts'
import { listExercises } from '../../exercise/find.ts'
import { pristineStub } from '../../exercise/pristine.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const COPIED = ['package.json', 'tsconfig.json', 'exercises', 'solutions', 'quizzes', 'harness']
/** What a learner has, and no more: TypeScript is for authors. */
const { dependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
export const PACKAGES = Object.keys(dependencies)

/** A copy of the workbook, as a learner has it after cloning: the stubs are untouched, and a space is in its path. */
export function copyWorkbook({ packages = PACKAGES } = {}): string {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'work book '))
  const tests = path.join(ROOT, 'harness', 'test')
  for (const name of COPIED) {
    fs.cpSync(path.join(ROOT, name), path.join(root, name), {
      recursive: true,
      filter: (from) => from !== tests,
    })
  }
  for (const exercise of listExercises(root)) fs.writeFileSync(exercise.file, pristineStub(exercise, root))
  for (const name of packages) {
    const link = path.join(root, 'node_modules', name)
    fs.mkdirSync(path.dirname(link), { recursive: true })
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), link, 'junction')
  }
  return root
}

export function remove(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

export interface Run {
  /** Null when a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
  /** Names of what it left in its temporary folder. */
  filesLeft: string[]
  /** Command lines of the processes that it left; always empty where there is no /proc. */
  processesLeft: string[]
}

export interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  /** What to do to it while it runs. */
  during?(running: Running): Promise<void>
}

/** A run that goes on. */
export interface Running {
  stdout: string
  stderr: string
  kill(signal: NodeJS.Signals): void
  /** Stops reading, as `| head` does. */
  closeStdout(): void
  /** Command lines of all that it has started, where there is a /proc. */
  processes(): string[]
  /** Ends (SIGKILL) whatever it has started with `part` in its command line, where there is a /proc. */
  killChild(part: string): void
}

/**
 * Runs the launcher of the workbook at `root`, as npm does. Its temporary folder is its own; every process that it
 * starts inherits the name of it, and is known by that.
 */
export async function runTool(root: string, argv: string[], options: RunOptions = {}): Promise<Run> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'wb-'))
  const env = {
    ...childEnvironment(process.env, 'strict'),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    ...options.env,
  }
  const launcher = path.join(root, 'harness', 'bin', 'workbook.mjs')
  const child = spawn(process.execPath, [launcher, ...argv], {
    cwd: options.cwd ?? root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const running: Running = {
    stdout: '',
    stderr: '',
    kill: (signal) => void child.kill(signal),
    closeStdout: () => void child.stdout.destroy(),
    processes: () => processesWith(temporary),
    killChild: (part) => {
      for (const pid of pidsWith(temporary))
        if (commandOf(pid).includes(part)) process.kill(Number(pid), 'SIGKILL')
    },
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      running[stream] += text
    })
  }
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  try {
    await options.during?.(running)
    const code = await closed
    // Who was told to end by SIGKILL, or by a closed pipe, needs a moment.
    await vi.waitUntil(() => processesWith(temporary).length === 0, { timeout: 2000 }).catch(() => {})
    const { stdout, stderr } = running
    return {
      code,
      stdout,
      stderr,
      filesLeft: fs.readdirSync(temporary),
      processesLeft: processesWith(temporary),
    }
  } finally {
    child.kill('SIGKILL')
    remove(temporary)
  }
}

/** The command lines of all processes whose environment names this temporary folder. */
export function processesWith(temporary: string): string[] {
  return pidsWith(temporary).map(commandOf)
}

function pidsWith(temporary: string): string[] {
  if (process.platform !== 'linux') return []
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, 'environ').includes(`TMPDIR=${temporary}\0`))
}

function commandOf(pid: string): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ')
}

/** Empty for a process that has just ended, or belongs to somebody else. */
function readProc(pid: string, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
