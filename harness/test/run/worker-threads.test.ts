import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import type { PoolOptions, PoolWorker } from 'vitest/node'
import { workerThreads } from '../../run/worker-threads.ts'

/** A thread that answers; the warm one, which is told what to load ahead, ends before it is needed. */
const WORKER = `
  import { parentPort, workerData } from 'node:worker_threads'
  parentPort.on('message', () => parentPort.postMessage('here'))
  if (workerData.ahead.length > 0) process.exit(1)
`

/** What a thread does first: answer, or end. */
function firstOf(worker: PoolWorker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.on('message', resolve)
    worker.on('exit', () => resolve('ended'))
    worker.send({ type: 'start', __vitest_worker_request__: true } as never)
  })
}

test('a warm thread that died is not handed out: another one is started', { timeout: 60_000 }, async () => {
  const built = mkdtempSync(path.join(os.tmpdir(), 'threads-'))
  onTestFinished(() => rmSync(built, { recursive: true, force: true }))
  writeFileSync(path.join(built, 'worker.mjs'), WORKER)
  const threads = workerThreads(built, true)
  onTestFinished(() => threads.close())
  const begin = () => threads.pool.createPoolWorker({ env: {}, execArgv: [] } as unknown as PoolOptions)
  const first = begin()
  expect(await firstOf(first)).toBe('here')
  const warm = new Promise<Worker>((resolve) => process.once('worker', resolve))
  await first.stop()
  await once(await warm, 'exit')
  const second = begin()
  expect(await firstOf(second)).toBe('here')
  await second.stop()
})
