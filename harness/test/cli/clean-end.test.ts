import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedBroker, startEmbedded } from '../../kafka/embedded/start.ts'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

let root: string
let broker: EmbeddedBroker
beforeAll(async () => {
  root = copyWorkbook()
  broker = await startEmbedded()
})
afterAll(async () => {
  await broker.close()
  remove(root)
})

// A broker that was named is not ours: nothing may stay on it.
test.each([
  ['test', ['test', '08', '--answer', 'solution']],
  ['play', ['play', '08', '--answer', 'solution']],
])('%s leaves a named cluster as it was', { timeout: 120_000 }, async (_, argv) => {
  const { code, stderr } = await runTool(root, [...argv, '--broker', broker.bootstrap])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect([...broker.state.topics].map(({ name }) => name)).toEqual([])
  expect(broker.state.groups.list()).toEqual([])
})
