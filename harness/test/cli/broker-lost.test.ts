import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { canTest, isInstalled } from '../kafka/clients/program.ts'
import { copyWorkbook, type Running, remove, runTool } from './run-tool.ts'

const { KAFKA_HOME = '' } = process.env
const isHere = isInstalled('java', '-version') && KAFKA_HOME !== ''

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

/** Judges an answer that waits, before it sends, until `lose` has taken its broker away. */
async function judgeAndLose(
  argv: string[],
  lose: (running: Running) => Promise<void> | void,
  env: Record<string, string> = {},
) {
  const [file, begun, gone] = ['answer.ts', 'begun', 'gone'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ]
  for (const mark of [begun, gone]) fs.rmSync(mark, { force: true })
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
  return runTool(root, ['test', '03', '--answer', file, ...argv], {
    env,
    async during(running) {
      await expect.poll(() => fs.existsSync(begun), { timeout: 60_000 }).toBe(true)
      await lose(running)
      fs.writeFileSync(gone, '')
    },
  })
}

test('a broker that goes away while an answer is at work is never charged to the answer', async () => {
  const broker = await startEmbedded()
  const run = await judgeAndLose(['--broker', broker.bootstrap], () => broker.close())
  expect(run).toMatchObject({ code: 2, stderr: '', filesLeft: [], processesLeft: [] })
  expect(run.stdout).toMatch(/^\n {2}COULD NOT JUDGE {2}03 produce-event/)
  expect(run.stdout).toMatch(/The broker did not do its part: .*This says nothing about your code/s)
  expect(run.stdout).not.toMatch(/your code threw/i)
})

const canKill = canTest('Java with KAFKA_HOME', isHere && process.platform === 'linux')
test.skipIf(!canKill)(
  'one that dies is shown with its exit code and its last words',
  async () => {
    const run = await judgeAndLose(['--broker', 'jvm'], (running) => running.killChild(' kafka.Kafka '), {
      KAFKA_HOME,
    })
    expect(run).toMatchObject({ code: 2, filesLeft: [], processesLeft: [] })
    expect(run.stdout).toMatch(/^\n {2}COULD NOT JUDGE {2}03 produce-event/)
    const words = run.stdout.replace(/\s+/g, ' ')
    expect(words).toContain('Node 1 of Kafka ended with exit code 137 (it was killed, or memory ran out).')
    expect(words).toMatch(/The end of its log: .*Java ended with exit code 137\./)
  },
  120_000,
)
