import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from 'vitest/node'
import type { WorkerData } from './worker.ts'

/** Vitest takes one of its own pools for a name that it knows. */
const NAME = 'threads of the workbook'

/** What check files import, as viteOptions lead it to the built harness. */
const AHEAD = ['check.mjs', 'kafkajs.cjs']

/** Vitest's worker threads, in our hands: the next one may be warm, and the one at work can be ended at any moment. */
export interface WorkerThreads {
  /** For vitest's option `pool`. */
  pool: PoolRunnerInitializer
  /** Ends the thread at work, and lets none begin until `allow`: the run of vitest ends at once, with errors. */
  forbid(): void
  allow(): void
  isForbidden(): boolean
  close(): Promise<void>
}

/**
 * Vitest makes a thread for every run, and ends it. With `spare`, the next thread has loaded vitest before it is needed,
 * which is half of what a judgement without a broker takes. `built` is the folder of the built harness: `worker.mjs`.
 */
export function workerThreads(built: string, spare: boolean): WorkerThreads {
  let next: Worker | null = null
  let atWork: { end(): void } | null = null
  let forbidden = false
  let closed = false

  const startThread = ({ env, execArgv }: PoolOptions, ahead: string[]): Worker => {
    const workerData: WorkerData = { ahead }
    const options = { env: env as NodeJS.ProcessEnv, execArgv, workerData }
    const thread = new Worker(path.join(built, 'worker.mjs'), options)
    thread.on('exit', () => {
      if (next === thread) next = null
    })
    // Whoever works with it hears of it; in the place of a spare that died another one is started when it is wanted.
    return thread.on('error', () => {})
  }

  const createPoolWorker = (options: PoolOptions): PoolWorker => {
    const thread = next ?? startThread(options, [])
    next = null
    const worker = poolWorker(thread, () => {
      if (atWork === worker) atWork = null
      if (spare && !closed)
        next ??= startThread(
          options,
          AHEAD.map((name) => pathToFileURL(path.join(built, name)).href),
        )
    })
    atWork = worker
    if (forbidden) worker.end()
    return worker
  }

  return {
    pool: { name: NAME, createPoolWorker },
    forbid() {
      forbidden = true
      atWork?.end()
    },
    allow() {
      forbidden = false
    },
    isForbidden: () => forbidden,
    async close() {
      closed = true
      await next?.terminate()
    },
  }
}

/**
 * A thread as vitest's pool wants it. Vitest waits up to a minute for each answer of a thread that is gone; after `end` they
 * come at once, and say that it was cancelled.
 */
function poolWorker(thread: Worker, onStop: () => void): PoolWorker & { end(): void } {
  const listeners = new Set<(message: unknown) => void>()
  let asked: WorkerRequest['type'] | null = null
  let ended = false

  const answerForIt = () => {
    const type = asked && ANSWERS[asked]
    asked = null
    const error = type === 'stopped' ? undefined : new Error('The judgement was cancelled.')
    for (const listener of listeners) listener({ type, error, __vitest_worker_response__: true })
  }

  return {
    name: NAME,
    on(event, callback) {
      if (event === 'message') listeners.add(callback)
      thread.on(event, callback)
    },
    off(event, callback) {
      if (event === 'message') listeners.delete(callback)
      thread.off(event, callback)
    },
    send(message) {
      if ('__vitest_worker_request__' in message) asked = message.type
      if (ended) queueMicrotask(answerForIt)
      else thread.postMessage(message)
    },
    deserialize: (data) => data,
    async start() {},
    async stop() {
      await thread.terminate()
      onStop()
    },
    end() {
      ended = true
      void thread.terminate()
      answerForIt()
    },
  }
}

const ANSWERS = {
  start: 'started',
  run: 'testfileFinished',
  collect: 'testfileFinished',
  stop: 'stopped',
  cancel: 'stopped',
} as const
