import { timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type Socket } from 'node:net'
import path from 'node:path'
import { Answering, Bundles } from './answering.ts'
import { buildDir, removeAbandoned } from './build-dir.ts'
import { ChildPool } from './child-pool.ts'
import { kafkajsFor } from './confine.ts'
import { openLoopback } from './container.ts'
import { encodeFrame, readFrames } from './frames.ts'
import type { KeeperSettings, Notice, Request } from './keeper-messages.ts'

/**
 * The process between the harness and the answers: entry point `keeper.mjs`, started by `startKeeper`. Answers are its
 * children, so one that kills its parent ends the keeper, and neither vitest nor the tool. It ends itself and all
 * children when its standard input closes: then the main process is gone.
 */
readFrames(process.stdin, {
  onMessage: (settings) => void keep(settings as KeeperSettings),
  onBroken: () => process.exit(2),
})
// The main process is gone; standard input says so, too, and that is enough.
process.stdout.on('error', () => {})
// Ctrl+C reaches every process of the terminal; the main process decides what it means.
process.on('SIGINT', () => {})

async function keep(settings: KeeperSettings): Promise<void> {
  const { root, childFile, privateDir, confinement } = settings
  const outDir = makeOutDir(root, privateDir)
  const workDir = path.join(privateDir, 'work')
  mkdirSync(workDir, { recursive: true })
  const kafkajs = kafkajsFile(root, childFile)
  const environment = { ...process.env, ...settings.debugger }
  const loopback = confinement === 'container' ? await openLoopback() : null
  const children = new ChildPool({ childFile, kafkajs, workDir, environment, confinement, loopback })
  const bundles = new Bundles({
    root,
    outDir,
    kafkajs: kafkajsFor(confinement, kafkajs),
    ownFiles: confinement === 'learn',
  })

  const close = () => {
    const removeAll = () => {
      loopback?.close()
      for (const dir of [outDir, privateDir]) rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
      process.exit(0)
    }
    children.close().then(removeAll, removeAll)
  }
  process.stdin.on('close', close)
  process.on('SIGTERM', close)
  // The main process may have gone while the engine was at work.
  if (process.stdin.destroyed) return close()

  const server = createServer((socket) => serve(socket, settings.token, bundles, children))
  if (process.platform !== 'win32') removeSocket(settings.address)
  server.listen(settings.address, () => process.stdout.write('ready\n'))
  children.warmUp(false)
}

/**
 * A keeper that was killed leaves its socket behind. `rmSync` would look at it first, and Node 20 remembers the kind of the
 * last file that was looked at: the next link that `require` meets would not be followed (lib/fs.js, realpathSync).
 */
function removeSocket(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function serve(socket: Socket, token: string, bundles: Bundles, children: ChildPool): void {
  const send = (notice: Notice) => void socket.write(encodeFrame(notice))
  const answering = new Answering(bundles, children, send)
  let welcome = false
  const onMessage = (message: unknown) => {
    const request = message as Request
    if (welcome) return answering.handle(request)
    welcome = request.kind === 'hello' && sameToken(request.token, token)
    if (welcome) send({ kind: 'welcome', pid: process.pid })
    else socket.destroy()
  }
  readFrames(socket, { onMessage, onBroken: () => socket.destroy() })
  socket.on('error', () => {})
  socket.on('close', () => answering.close())
}

function sameToken(given: unknown, token: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Inside the workbook, where a debugger expects it; in a workbook that is read-only, in the private folder. */
function makeOutDir(root: string, privateDir: string): string {
  const wanted = buildDir(root, process.pid)
  try {
    mkdirSync(wanted, { recursive: true })
    removeAbandoned(root)
    return wanted
  } catch {
    const instead = path.join(privateDir, 'build')
    mkdirSync(instead, { recursive: true })
    return instead
  }
}

/** A copy of kafkajs in one file loads in half the time; the launcher may put one beside the child. */
function kafkajsFile(root: string, childFile: string): string {
  const bundled = path.join(path.dirname(childFile), 'kafkajs.cjs')
  return existsSync(bundled) ? bundled : createRequire(path.join(root, 'package.json')).resolve('kafkajs')
}
