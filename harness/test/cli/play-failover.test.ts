import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

test('play 19 shows how a leader dies on three nodes, and who leads next', async () => {
  const run = await runTool(root, ['play', '19', '--broker', 'embedded', '--answer', 'solution'])
  expect(run).toMatchObject({ code: 0, stderr: '', filesLeft: [], processesLeft: [] })
  expect(run.stdout).toMatch(/x node \d dies\n/)
  expect(run.stdout).toMatch(/\d+\.\d s until node \d led, as your elect\(\) says\n/)
  const [, seconds] = /(\d+\.\d) s from the death to the first record/.exec(run.stdout) ?? []
  // The controller of Kafka misses a node after nine seconds.
  expect(Number(seconds)).toBeGreaterThan(8)
}, 60_000)

test('nodes that are not ours are left alone', async () => {
  const broker = await startEmbedded({ nodes: 3 })
  const run = await runTool(root, ['play', '19', '--broker', broker.bootstrap])
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toMatch(/end one of the nodes of their broker[\s\S]*--broker embedded/)
  await broker.close()
})
