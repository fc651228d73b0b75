import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import {
  type BundleFrame,
  MEMORY_LIMIT_BYTES,
  MEMORY_SAMPLE_MS,
  WATCHDOG_FD,
  type WatchdogReport,
} from './child-messages.ts'
import { encodeFrame, readFrames } from './frames.ts'

/** A main thread that does not answer within this time is blocked. */
const PING_MS = 150

/**
 * Starts the watchdog, a thread beside the one that runs the answer. It answers the keeper while that one is blocked,
 * and watches the memory of the process. `self` is the child's own file, which calls `watch` when it runs as a worker.
 */
export function startWatchdog(self: string, seal: Buffer): void {
  // An environment of its own, so that a debugger's NODE_OPTIONS do not make it a second thing to debug.
  const worker = new Worker(fileURLToPath(self), { workerData: { seal }, env: {}, execArgv: [] })
  worker.on('message', (ping) => worker.postMessage(ping))
  worker.unref()
}

/** The thread itself. */
export function watch(): void {
  const main = parentPort as MessagePort
  const seal = Buffer.from((workerData as { seal: Uint8Array }).seal)
  const keeper = new Socket({ fd: WATCHDOG_FD })
  const send = (report: WatchdogReport) => keeper.write(encodeFrame(report, seal))

  const sample = setInterval(() => {
    const bytes = process.memoryUsage.rss()
    if (bytes < MEMORY_LIMIT_BYTES) return
    clearInterval(sample)
    send({ kind: 'memory', bytes })
  }, MEMORY_SAMPLE_MS)

  const look = () => {
    const blocked = setTimeout(() => callFrames((frames) => send({ kind: 'blocked', frames })), PING_MS)
    main.once('message', () => {
      clearTimeout(blocked)
      send({ kind: 'turning' })
    })
    main.postMessage('ping')
  }

  readFrames(keeper, { onMessage: look, onBroken: endProcess }, seal)
  keeper.on('close', endProcess)
  keeper.on('error', endProcess)
}

/** The keeper is gone. The main thread may be blocked for ever, so nothing less than this will do. */
function endProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Stops the main thread where it is, reads its call frames (of the bundle, not source-mapped), and leaves it stopped. */
function callFrames(found: (frames: BundleFrame[]) => void): void {
  const session = new Session()
  const urls = new Map<string, string>()
  session.connectToMainThread()
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params }) => {
    found(
      params.callFrames.map(({ functionName, location }) => ({
        url: urls.get(location.scriptId) ?? '',
        line: location.lineNumber,
        column: location.columnNumber ?? 0,
        functionName,
      })),
    )
  })
  session.post('Debugger.enable', () => session.post('Debugger.pause'))
}
