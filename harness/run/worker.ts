import { parentPort, workerData } from 'node:worker_threads'
import { init, runBaseTests, setupEnvironment } from 'vitest/worker'

/**
 * What runs in a worker thread: entry point `worker.mjs`, started by worker-threads.ts. The same as vitest's own threads
 * (https://vitest.dev/guide/advanced/pool); one that waits for work also loads ahead what check files will import.
 */
export interface WorkerData {
  /** URLs of modules. */
  ahead: string[]
}

const port = parentPort
if (!port) throw new Error('This file runs in a worker thread only.')

init({
  post: (response) => port.postMessage(response),
  on: (callback) => void port.on('message', callback),
  off: (callback) => void port.off('message', callback),
  teardown: () => void port.removeAllListeners('message'),
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: setupEnvironment,
})

for (const url of (workerData as WorkerData).ahead) await import(url)
