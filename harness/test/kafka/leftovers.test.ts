import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { writeBrokerFile } from '../../kafka/broker-file.ts'
import { type Engine, findEngine } from '../../kafka/engine.ts'
import { LABEL, removeJavaFolders, removeLeftovers, removeOwn } from '../../kafka/leftovers.ts'
import { fakeEngine } from './fake-engine.ts'

const HOUR_S = 3600
let root: string
let other: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'leftovers-'))
  other = fs.mkdtempSync(path.join(os.tmpdir(), 'leftovers-'))
})

afterEach(() => {
  for (const folder of [root, other]) fs.rmSync(folder, { recursive: true, force: true })
})

/** An engine with containers of these names: whose they are, and how many seconds old. */
async function engineWith(containers: Record<string, { owner: string; age: number }>) {
  const body = Object.entries(containers).map(([Id, { owner, age }]) => ({
    Id,
    Labels: { [LABEL]: owner },
    Created: Math.floor(Date.now() / 1000) - age,
  }))
  const fake = await fakeEngine({
    'GET /_ping': { status: 200 },
    'GET /containers/json': { status: 200, body },
    'GET /networks': { status: 200, body: [{ Id: 'n1', Labels: {} }] },
  })
  onTestFinished(fake.close)
  const engine = (await findEngine({ DOCKER_HOST: fake.dockerHost })) as Engine
  const removed = () =>
    fake.requests.flatMap((one) => /^DELETE \/containers\/(\w+)/.exec(one)?.[1] ?? []).sort()
  return { engine, removed, fake }
}

test('what is old or forgotten is removed; what is in use, here or elsewhere, is not', async () => {
  const startedAt = new Date().toISOString()
  writeBrokerFile(root, { kind: 'container', nodes: ['noted'], version: '4', bootstrap: 'a:1', startedAt })
  const { engine, removed, fake } = await engineWith({
    noted: { owner: root, age: HOUR_S },
    starting: { owner: root, age: 10 },
    forgotten: { owner: root, age: 120 },
    old: { owner: other, age: 3 * HOUR_S },
    theirs: { owner: other, age: HOUR_S },
    elsewhere: { owner: '/on/another/machine', age: HOUR_S },
  })
  expect(await removeLeftovers(engine, root)).toBe(2)
  expect(removed()).toEqual(['forgotten', 'old'])
  expect(fake.requests).toContain('DELETE /networks/n1')
})

test('stopping removes all that is ours, and the note of it', async () => {
  const startedAt = new Date().toISOString()
  writeBrokerFile(root, { kind: 'container', nodes: ['a', 'b'], version: '4', bootstrap: 'a:1', startedAt })
  const { engine, removed } = await engineWith({ a: { owner: root, age: 1 }, b: { owner: root, age: 1 } })
  expect(await removeOwn(engine, root)).toBe(2)
  expect(removed()).toEqual(['a', 'b'])
  expect(fs.readdirSync(path.join(root, '.workbook'))).toEqual([])
})

test('a folder of Java is removed when nothing was written there for two hours', () => {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, other)
  onTestFinished(() => void vi.unstubAllEnvs())
  const longAgo = new Date(Date.now() - 3 * HOUR_S * 1000)
  const dead = path.join(other, 'kafka-workbook-jvm-dead')
  const runs = path.join(other, 'kafka-workbook-jvm-runs')
  for (const folder of [dead, runs]) fs.mkdirSync(path.join(folder, 'data'), { recursive: true })
  for (const folder of [path.join(dead, 'data'), dead, runs]) fs.utimesSync(folder, longAgo, longAgo)
  expect(removeJavaFolders(root)).toBe(1)
  expect(fs.readdirSync(other)).toEqual([path.basename(runs)])
})
