import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rm } from 'node:fs'
import path from 'node:path'
import type { Duplex, Readable, Writable } from 'node:stream'
import {
  COMMAND_FD,
  type Command,
  REPORT_FD,
  type Report,
  readReport,
  readWatchdogReport,
  WATCHDOG_FD,
  type WatchdogCommand,
  type WatchdogReport,
} from './child-messages.ts'
import { childEnvironment } from './environment.ts'
import { encodeFrame, readFrames } from './frames.ts'
import { killTree } from './kill-tree.ts'

/** The largest heap of a child: 256 MiB, more than any exercise needs and soon full. */
export const HEAP_LIMIT_BYTES = 256 * 1024 * 1024
/** How long to wait for the rest of what a dead child printed; a grandchild that left the group may hold the pipe open. */
const DRAIN_MS = 250

/** What the keeper hears from a child. */
export interface ChildListener {
  onReport(report: Report): void
  onWatchdog(report: WatchdogReport): void
  /** Text that did not come by a report: from the file descriptor itself, from Node, or from a grandchild. */
  onRawOutput(stream: 'stdout' | 'stderr', text: string): void
  /** Something wrote to our pipes that is not our child's code. */
  onForged(): void
}

export interface Exit {
  code: number | null
  signal: string | null
}

export interface Child {
  readonly pid: number
  readonly mode: 'learn' | 'strict'
  /** Who listens; a spare has nobody. */
  listener: ChildListener | null
  /** True once the child said that it is ready for a task. */
  ready: boolean
  /** True while a debugger may look into it. */
  inspected: boolean
  send(command: Command): void
  /** Asks the watchdog where the main thread stands. */
  look(): void
  /** Ends it with all that it started. */
  kill(): void
  /** Resolves when the process is gone and its output has arrived. */
  readonly gone: Promise<Exit>
}

export interface ChildSettings {
  childFile: string
  /** Absolute path of the file that is kafkajs. */
  kafkajs: string
  /** A folder in which every child gets an empty one of its own to work in. */
  workDir: string
  environment: NodeJS.ProcessEnv
  mode: 'learn' | 'strict'
}

/**
 * Starts a child. It works in an empty folder of its own, not in the workbook: files that an answer writes litter
 * nothing, and relative paths do not lead to other answers.
 */
export function startChild(settings: ChildSettings): Child {
  const { mode } = settings
  const seal = randomBytes(16)
  const cwd = path.join(settings.workDir, seal.toString('hex'))
  mkdirSync(cwd)
  const heapMegabytes = HEAP_LIMIT_BYTES / 1024 / 1024
  const flags = [
    '--enable-source-maps',
    '--unhandled-rejections=strict',
    `--max-old-space-size=${heapMegabytes}`,
  ]
  const started = spawn(process.execPath, [...flags, settings.childFile], {
    cwd,
    env: childEnvironment(settings.environment, mode),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const pipes: readonly unknown[] = started.stdio
  const commands = pipes[COMMAND_FD] as Writable
  const watchdog = pipes[WATCHDOG_FD] as Duplex
  const child: Child = {
    pid: started.pid ?? 0,
    mode,
    listener: null,
    ready: false,
    inspected: false,
    send: (command) => void commands.write(encodeFrame(command)),
    look: () => void watchdog.write(encodeFrame({ kind: 'look' } satisfies WatchdogCommand, seal)),
    kill: () => {
      if (child.pid > 0) killTree(child.pid)
    },
    gone: gone(started),
  }
  void child.gone.then(() => rm(cwd, { recursive: true, force: true, maxRetries: 3 }, () => {}))
  listen(started, child, seal)
  child.send({ kind: 'hello', seal, kafkajs: settings.kafkajs })
  return child
}

function listen(started: ChildProcess, child: Child, seal: Buffer): void {
  const pipes: readonly unknown[] = started.stdio
  const onBroken = () => child.listener?.onForged()
  const onMessage = (message: unknown) => {
    const report = readReport(message)
    if (!report) return onBroken()
    if (report.kind === 'ready') child.ready = true
    if (report.kind === 'inspector') child.inspected = report.open
    child.listener?.onReport(report)
  }
  const onWatchdog = (message: unknown) => {
    const report = readWatchdogReport(message)
    if (report) child.listener?.onWatchdog(report)
    else onBroken()
  }
  readFrames(pipes[REPORT_FD] as Readable, { onMessage, onBroken }, seal)
  readFrames(pipes[WATCHDOG_FD] as Readable, { onMessage: onWatchdog, onBroken }, seal)
  for (const stream of ['stdout', 'stderr'] as const) {
    started[stream]?.setEncoding('utf8')
    started[stream]?.on('data', (text: string) => child.listener?.onRawOutput(stream, text))
  }
  // A child that dies breaks its pipes; its exit says all that matters.
  for (const pipe of started.stdio) pipe?.on('error', () => {})
}

/** Waits until the process is gone, ends what it left behind, and hears what is still in its pipes. */
function gone(started: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    started.on('error', () => resolve({ code: null, signal: null }))
    started.on('exit', () => {
      if (process.platform !== 'win32' && started.pid) killTree(started.pid)
      setTimeout(() => {
        for (const pipe of started.stdio) pipe?.destroy()
      }, DRAIN_MS).unref()
    })
    started.on('close', (code, signal) => resolve({ code, signal }))
  })
}
