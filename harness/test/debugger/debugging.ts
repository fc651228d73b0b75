import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Attachment, attach, type DebugSession, type Stop } from './attach.ts'
import { type Connection, connect, type Target } from './cdp.ts'
import type { LaunchEntry } from './launch-config.ts'
import type { SourceLine } from './mapped-script.ts'

const BOOTLOADER = fileURLToPath(new URL('bootloader.cjs', import.meta.url))
const LOOK_FOR_PROCESSES_MS = 20

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Debugs a program as VS Code's js-debug does for an entry of launch.json with one breakpoint: it attaches to every
 * process and every thread that the program starts.
 */
export class Debugging {
  /** The main script of every process that was attached, by process id. */
  readonly attached = new Map<number, string>()
  readonly ended: Promise<Ended>
  private session!: DebugSession
  private readonly program: ChildProcess
  private readonly attachFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'attach '))
  private readonly connections: Connection[] = []
  private readonly attachments: Attachment[] = []
  private stop!: Promise<Stop>

  constructor(entry: LaunchEntry, breakpoint: SourceLine) {
    const failed = new Promise<never>((_, onFailure) => {
      this.stop = new Promise((onStop) => {
        this.session = { ...entry, breakpoint, onStop, onFailure }
      })
    })
    this.program = start(entry, {
      // The folder may have a space in its name; a backslash would be taken for the start of an escape.
      NODE_OPTIONS: `--require "${BOOTLOADER.replaceAll('\\', '/')}"`,
      VSCODE_INSPECTOR_OPTIONS: JSON.stringify({ attachFolder: this.attachFolder }),
    })
    const looking = setInterval(() => this.look(), LOOK_FOR_PROCESSES_MS)
    this.ended = Promise.race([outputOf(this.program), failed]).finally(() => clearInterval(looking))
    this.ended.catch(() => {})
  }

  /** The first stop at the breakpoint. Rejects when the program ends without one. */
  async stopped(): Promise<Stop> {
    const ended = this.ended.then(({ stdout, stderr }) => {
      throw new Error(`The program ended before the breakpoint.\n${stdout}\n${stderr}`)
    })
    return Promise.race([this.stop, ended])
  }

  /** As a learner does who has seen enough: takes the breakpoint away everywhere. */
  async removeBreakpoints(): Promise<void> {
    this.session.breakpoint = null
    await Promise.all(this.attachments.map((attachment) => attachment.removeBreakpoints()))
  }

  /** As the editor's stop button does: the program has no time to clean up. */
  kill(): void {
    this.program.kill('SIGKILL')
  }

  /** Ends the program, should it still run, and lets go of its processes. */
  async close(): Promise<void> {
    this.kill()
    for (const connection of this.connections) connection.close()
    await this.ended.catch(() => {})
    fs.rmSync(this.attachFolder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** New processes have left a note in the folder. */
  private look(): void {
    for (const name of fs.readdirSync(this.attachFolder).filter((one) => one.endsWith('.json'))) {
      const note = path.join(this.attachFolder, name)
      const { pid, script, url } = JSON.parse(fs.readFileSync(note, 'utf8'))
      fs.rmSync(note)
      this.attached.set(pid, script)
      this.attach(url).catch(this.session.onFailure)
    }
  }

  private async attach(url: string): Promise<void> {
    const onTarget = (target: Target) => this.attachments.push(attach(target, this.session))
    const connection = await connect(url, onTarget)
    if (connection) this.connections.push(connection)
  }
}

/** Runs an entry's program to its end, as a terminal does. */
export function runWithoutDebugger(entry: LaunchEntry): Promise<Ended> {
  return outputOf(start(entry, {}))
}

function start({ program, args, cwd }: LaunchEntry, debuggers: NodeJS.ProcessEnv): ChildProcess {
  // These tests run in a vitest of their own; the program must not take itself for a part of it.
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|TEST$|VSCODE_)/.test(name))
  const env = { ...Object.fromEntries(own), NO_COLOR: '1', ...debuggers }
  return spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function outputOf(program: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    program[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  return new Promise((resolve, reject) => {
    program.on('error', reject)
    program.on('close', (code) => resolve({ code, ...output }))
  })
}
