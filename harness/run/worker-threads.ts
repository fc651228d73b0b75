import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node'

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
  let atWork: Worker | null = null
  let forbidden = false
  let closed = false

  const startThread = ({ env, execArgv }: Pick<PoolOptions, 'env' | 'execArgv'>): Worker => {
    const thread = new Worker(path.join(built, 'worker.mjs'), { env: env as NodeJS.ProcessEnv, execArgv })
    // Whoever works with it hears of it; a spare that cannot start says so again when it is wanted.
    thread.on('error', () => {})
    return thread
  }

  const createPoolWorker = (options: PoolOptions): PoolWorker => {
    let thread: Worker | null = null
    return {
      name: 'threads',
      on: (event, callback) => void thread?.on(event, callback),
      off: (event, callback) => void thread?.off(event, callback),
      send: (message) => thread?.postMessage(message),
      deserialize: (data) => data,
      async start() {
        if (forbidden) throw new Error('The judgement was cancelled.')
        thread ??= next ?? startThread(options)
        next = null
        atWork = thread
      },
      async stop() {
        await thread?.terminate()
        if (atWork === thread) atWork = null
        if (spare && !closed) next ??= startThread(options)
      },
    }
  }

  return {
    pool: { name: 'threads', createPoolWorker },
    forbid() {
      forbidden = true
      void atWork?.terminate()
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
