import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, realpathSync, rm } from 'node:fs'
import path from 'node:path'
import type { Duplex, Readable, Writable } from 'node:stream'
import { COMMAND_FD, REPORT_FD, WATCHDOG_FD } from './child-messages.ts'
import type { Confined, ConfinedSettings, Exit } from './confined.ts'
import { kafkajsInContainer, startInContainer } from './container.ts'
import { childEnvironment } from './environment.ts'
import { killTree } from './kill-tree.ts'

/**
 * How much an answer is trusted. `learn`: it is the learner's own, and runs as any program of theirs. `strict`: Node's
 * permission model keeps it from files, processes and threads. `container`: it has no network, no files and no other process
 * of this machine. docs/trust.md says what each of them stops, and what it does not.
 */
export type Confinement = 'learn' | 'strict' | 'container'

/** How long to wait for the rest of what a dead child printed; a grandchild that left the group may hold the pipe open. */
const DRAIN_MS = 250

/** Starts the process of a child under `confinement`. It never throws: a process that does not come up is soon gone. */
export function confine(confinement: Confinement, settings: ConfinedSettings): Confined {
  return confinement === 'container' ? startInContainer(settings) : startProcess(confinement, settings)
}

/** Where kafkajs lies for a child, given where it lies on this machine. */
export function kafkajsFor(confinement: Confinement, kafkajs: string): string {
  return confinement === 'container' ? kafkajsInContainer(kafkajs) : kafkajs
}

/**
 * A process of this machine. It works in an empty folder of its own, not in the workbook: files that an answer writes
 * litter nothing, and relative paths do not lead to other answers.
 */
function startProcess(confinement: 'learn' | 'strict', settings: ConfinedSettings): Confined {
  const { childFile, kafkajs, environment } = settings
  const strict = confinement === 'strict'
  const cwd = path.join(settings.workDir, randomBytes(8).toString('hex'))
  mkdirSync(cwd)
  const readable = [path.dirname(childFile), path.dirname(kafkajs), cwd]
  const flags = strict ? [...settings.flags, ...permissionFlags(readable)] : settings.flags
  const started = spawn(process.execPath, [...flags, strict ? realpathSync(childFile) : childFile], {
    cwd,
    env: childEnvironment(environment, confinement),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const pipes: readonly unknown[] = started.stdio
  const confined: Confined = {
    pid: started.pid ?? 0,
    commands: pipes[COMMAND_FD] as Writable,
    reports: pipes[REPORT_FD] as Readable,
    watchdog: pipes[WATCHDOG_FD] as Duplex,
    stdout: started.stdout as Readable,
    stderr: started.stderr as Readable,
    watched: !strict,
    debuggable: !strict,
    stage: (bundleFile) => (strict ? copyInto(cwd, bundleFile) : bundleFile),
    openPorts: () => {},
    kill: () => {
      if (confined.pid > 0) killTree(confined.pid)
    },
    gone: gone(started),
  }
  void confined.gone.then(() => rm(cwd, { recursive: true, force: true, maxRetries: 3 }, () => {}))
  return confined
}

/**
 * Node's permission model, under the name that this version has for it: files in these folders can be read, nothing can be
 * written, and no process, thread or add-on can be started. Where it knows of the network (Node 25), that stays open.
 */
function permissionFlags(readable: string[]): string[] {
  // Each once: Node 20 aborts over a place that it is told of twice. A link is followed before it is checked.
  const folders = new Set(readable.map((folder) => realpathSync(folder)))
  const known = process.allowedNodeEnvironmentFlags
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission'
  const network = known.has('--allow-net') ? ['--allow-net'] : []
  return [
    permission,
    ...network,
    // Node 20 says on standard error that its permission model is an experiment.
    '--disable-warning=ExperimentalWarning',
    ...[...folders].map((folder) => `--allow-fs-read=${path.join(folder, '*')}`),
  ]
}

/** Bytes, not links: the permission model follows a link out of the folder that it allows. */
function copyInto(folder: string, bundleFile: string): string {
  const inside = path.join(realpathSync(folder), path.basename(bundleFile))
  copyFileSync(bundleFile, inside)
  copyFileSync(`${bundleFile}.map`, `${inside}.map`)
  return inside
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
