import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canTest, isInstalled } from '../kafka/clients/program.ts'
import { fakeEngine } from '../kafka/fake-engine.ts'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

const { KAFKA_HOME = '' } = process.env
const isHere = isInstalled('java', '-version') && KAFKA_HOME !== ''

let root: string
/** What stays up writes here, so it is not the folder that goes with each command. */
let temporary: string
beforeAll(() => {
  root = copyWorkbook()
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'standing-'))
})
afterAll(() => {
  remove(root)
  remove(temporary)
})

function tool(argv: string[], env: Record<string, string> = {}) {
  const own = { TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  return runTool(root, argv, { env: { DOCKER_HOST: 'tcp://127.0.0.1:9', KAFKA_HOME: '', ...own, ...env } })
}

test('without a broker, nothing is up, nothing to stop, no log, nothing to clean', async () => {
  expect((await tool(['broker'])).stdout).toContain('No broker is up.')
  expect((await tool(['broker', 'stop'])).stdout).toBe('No broker was up.\n')
  expect((await tool(['broker', 'logs'])).stdout).toContain('No broker is up')
  expect((await tool(['broker', 'clean'])).stdout).toBe('Nothing was left behind.\n')
})

test('where no real Kafka can be had, start says what to do', async () => {
  expect(await tool(['broker', 'start'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/No container engine answers[\s\S]*npm run doctor/),
  })
  const fake = await fakeEngine({ 'GET /_ping': { status: 200 } })
  const run = await tool(['broker', 'start'], { DOCKER_HOST: fake.dockerHost })
  expect(run.stderr).toMatch(/is not on this machine[\s\S]*npm run broker pull/)
  await fake.close()
})

describe.skipIf(!canTest('Java with KAFKA_HOME', isHere))('Kafka that stays up', { timeout: 120_000 }, () => {
  const env = { KAFKA_HOME }
  const standing = () => fs.readdirSync(temporary).filter((name) => name.startsWith('kafka-workbook-jvm-'))

  test('is used by the next run, has a log, and is stopped without a trace', async () => {
    const started = await tool(['broker', 'start', 'jvm'], env)
    expect(started).toMatchObject({ code: 0, filesLeft: [] })
    expect(started.stdout).toMatch(/^Kafka [\d.]+ is up at 127\.0\.0\.1:\d+\n.*--broker jvm\n/)
    expect((await tool(['broker'])).stdout).toMatch(/up {2}Kafka [\d.]+, jvm, 127\.0\.0\.1:\d+\n/)

    const used = await tool(['test', '03', '--answer', 'solution', '--broker', 'jvm'], env)
    expect(used).toMatchObject({ code: 0, stderr: '', filesLeft: [], processesLeft: [] })
    const again = await tool(['broker', 'start', 'jvm'], env)
    expect([again.code, again.stderr, standing().length]).toEqual([0, '', 1])
    expect((await tool(['broker', 'logs'])).stdout).toMatch(/--- Kafka [\d.]+, jvm, node 1\n/)

    expect((await tool(['broker', 'stop'])).stdout).toBe('Stopped and removed: 1 Java process.\n')
    await expect.poll(standing, { timeout: 20_000 }).toEqual([])
    expect((await tool(['broker'])).stdout).toContain('No broker is up.')
  })
})
