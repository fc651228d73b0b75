import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

test('a broker that goes away while an answer is at work is never charged to the answer', async () => {
  const broker = await startEmbedded()
  const [file, begun, gone] = ['answer.ts', 'begun', 'gone'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ]
  fs.writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs'
    export const encode = (event: any) => ({ value: JSON.stringify(event) })
    export async function produceEvent(producer: any, topic: string, event: any) {
      writeFileSync(${JSON.stringify(begun)}, '')
      while (!existsSync(${JSON.stringify(gone)})) await new Promise((resolve) => setTimeout(resolve, 10))
      return producer.send({ topic, messages: [encode(event)] })
    }`,
  )
  const run = await runTool(root, ['test', '03', '--answer', file, '--broker', broker.bootstrap], {
    async during() {
      await expect.poll(() => fs.existsSync(begun), { timeout: 20_000 }).toBe(true)
      await broker.close()
      fs.writeFileSync(gone, '')
    },
  })
  expect(run).toMatchObject({ code: 2, stderr: '', filesLeft: [], processesLeft: [] })
  expect(run.stdout).toMatch(/^\n {2}COULD NOT JUDGE {2}03 produce-event/)
  expect(run.stdout).toMatch(/The broker did not do its part: .*This says nothing about your code/s)
  expect(run.stdout).not.toMatch(/your code threw/i)
})
