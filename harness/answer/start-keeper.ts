import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildDir } from './build-dir.ts'
import type { Confinement } from './confine.ts'
import { DEBUGGER_VARIABLES, withoutDebugger } from './environment.ts'
import { encodeFrame } from './frames.ts'
import type { KeeperAddress } from './keeper-client.ts'
import type { KeeperSettings } from './keeper-messages.ts'

/** A Unix socket's path must fit into 104 bytes on macOS. */
const SOCKET_PATH_BYTES = 100
/** Less than what an interrupted command has for cleaning up. */
const STOP_MS = 2000

interface KeeperPlan {
  /** Absolute path of the workbook. */
  root: string
  /** Built files, absolute: entry points `harness/answer/keeper.ts` and `harness/answer/child.ts`. */
  keeperFile: string
  childFile: string
  /** Of all answers that it runs. */
  confinement: Confinement
}

export interface Keeper {
  /** For `connectKeeper`, in this process or in a worker. */
  address: KeeperAddress
  /** Ends the keeper and all its children. */
  stop(): Promise<void>
}

/**
 * Starts a keeper, and another one at the same address whenever an answer has killed it. Returns at once: clients wait
 * until it listens. It does not keep this process alive, and ends with it, however that ends.
 */
export function startKeeper(plan: KeeperPlan): Keeper {
  const privateDir = makePrivateDir()
  const address: KeeperAddress = {
    address: pipeIn(process.platform, privateDir),
    token: randomBytes(16).toString('hex'),
  }
  const settings: KeeperSettings = {
    ...address,
    root: plan.root,
    childFile: plan.childFile,
    confinement: plan.confinement,
    privateDir,
    debugger: pick(process.env, DEBUGGER_VARIABLES),
  }
  const removeDirs = (keeper: ChildProcess) => {
    const dirs = keeper.pid ? [privateDir, buildDir(plan.root, keeper.pid)] : [privateDir]
    for (const dir of dirs) remove(dir)
  }
  // An interrupt right at the start ends a keeper that could not clean up yet.
  const removeAtExit = () => {
    try {
      removeDirs(keeper)
    } catch {
      // It still works in there, and removes them itself.
    }
  }
  process.once('exit', removeAtExit)
  let stopped = false
  let keeper = start()

  function start(): ChildProcess {
    const started = spawnKeeper(plan.keeperFile, settings)
    let ready = false
    started.stdout?.once('data', () => {
      ready = true
    })
    started.once('exit', () => {
      if (stopped) return
      if (started.pid)
        rmSync(buildDir(plan.root, started.pid), { recursive: true, force: true, maxRetries: 3 })
      // One that never came up would not come up the next time; its own words are on standard error.
      if (ready) keeper = start()
    })
    return started
  }

  return {
    address,
    async stop() {
      if (stopped) return
      stopped = true
      await ended(keeper)
      removeDirs(keeper)
      process.off('exit', removeAtExit)
    },
  }
}

function spawnKeeper(keeperFile: string, settings: KeeperSettings): ChildProcess {
  const started = spawn(process.execPath, [keeperFile], {
    // What the answers' processes need for a debugger is in the settings.
    env: withoutDebugger(process.env),
    // Not the terminal itself: Node sets that back, at its end, to what it was at its start, and watch mode has it by then.
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  started.on('error', () => {})
  started.stdin?.on('error', () => {})
  started.stdin?.write(encodeFrame(settings))
  started.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk))
  started.unref()
  for (const pipe of [started.stdin, started.stdout, started.stderr]) (pipe as Socket | null)?.unref()
  return started
}

async function ended(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return
  keeper.ref()
  const exit = new Promise((resolve) => keeper.once('exit', resolve))
  keeper.stdin?.end()
  const patience = setTimeout(() => keeper.kill('SIGKILL'), STOP_MS)
  await exit
  clearTimeout(patience)
}

/** Mostly the keeper has done it already. */
function remove(dir: string): void {
  if (existsSync(dir)) rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
}

function makePrivateDir(): string {
  return mkdtempSync(privateDirStart(process.platform, tmpdir()))
}

/** What the name of a private folder begins with: mkdtemp adds six characters. */
export function privateDirStart(platform: NodeJS.Platform, temporary: string): string {
  if (platform === 'win32') return path.win32.join(temporary, 'workbook-')
  const start = path.posix.join(temporary, 'workbook-')
  const isTooLong = Buffer.byteLength(pipeIn(platform, `${start}XXXXXX`)) > SOCKET_PATH_BYTES
  return isTooLong ? '/tmp/workbook-' : start
}

/** Where the keeper listens: a socket in its private folder, or on Windows a pipe that has the folder's name. */
export function pipeIn(platform: NodeJS.Platform, dir: string): string {
  return platform === 'win32' ? `\\\\.\\pipe\\${path.win32.basename(dir)}` : path.posix.join(dir, 'keeper')
}

function pick(from: NodeJS.ProcessEnv, names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  )
}
