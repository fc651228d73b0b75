import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { writeBrokerFile } from '../../kafka/broker-file.ts'
import { hasUser, noteUser } from '../../kafka/broker-users.ts'
import { type Engine, findEngine } from '../../kafka/engine.ts'
import { LABEL, removeJavaFolders, removeLeftovers, removeNoted, removeOwn } from '../../kafka/leftovers.ts'
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

interface Found {
  owner: string
  age: number
}

/** An engine with containers and networks of these names: whose they are, and how many seconds old. */
async function engineWith(
  containers: Record<string, Found>,
  { networks = {}, stuck = [] }: { networks?: Record<string, Found>; stuck?: string[] } = {},
) {
  const removals = Object.keys(containers).map((id) => [
    `DELETE /containers/${id}`,
    stuck.includes(id) ? { status: 500, body: 'device busy' } : { status: 204 },
  ])
  const body = Object.entries(containers).map(([Id, { owner, age }]) => ({
    Id,
    Labels: { [LABEL]: owner },
    Created: Math.floor(Date.now() / 1000) - age,
  }))
  const fake = await fakeEngine({
    'GET /_ping': { status: 200 },
    'GET /containers/json': { status: 200, body },
    'GET /version': { status: 200, body: { Version: '27.0' } },
    'GET /networks': {
      status: 200,
      body: Object.entries(networks).map(([Id, { owner, age }]) => ({
        Id,
        Labels: { [LABEL]: owner },
        Created: new Date(Date.now() - age * 1000).toISOString(),
      })),
    },
    ...Object.fromEntries(removals),
  })
  onTestFinished(fake.close)
  const engine = (await findEngine({ DOCKER_HOST: fake.dockerHost })) as Engine
  const removed = () => fake.requests.flatMap((one) => /^DELETE \/\w+\/(\w+)/.exec(one)?.[1] ?? []).sort()
  return { engine, removed, fake }
}

test('what is old or forgotten is removed; what is in use, here or elsewhere, is not', async () => {
  const startedAt = new Date().toISOString()
  writeBrokerFile(root, { kind: 'container', nodes: ['noted'], version: '4', bootstrap: 'a:1', startedAt })
  onTestFinished(noteUser(other, 'used'))
  const containers = {
    noted: { owner: root, age: HOUR_S },
    starting: { owner: root, age: 120 },
    forgotten: { owner: root, age: 600 },
    old: { owner: other, age: 3 * HOUR_S },
    used: { owner: other, age: 3 * HOUR_S },
    theirs: { owner: other, age: HOUR_S },
    elsewhere: { owner: '/on/another/machine', age: HOUR_S },
  }
  const networks = { empty: { owner: other, age: 600 }, fresh: { owner: other, age: 10 } }
  const { engine, removed } = await engineWith(containers, { networks })
  expect(await removeLeftovers(engine, root)).toBe(2)
  expect(removed()).toEqual(['empty', 'forgotten', 'old'])
})

test('a container that a run uses outlives the broker file, until that run is over', async () => {
  const startedAt = new Date(0).toISOString()
  writeBrokerFile(root, { kind: 'container', nodes: ['old'], version: '4', bootstrap: 'a:1', startedAt })
  const { engine, removed } = await engineWith({ old: { owner: root, age: 3 * HOUR_S } })
  const takeBack = noteUser(root, 'old')
  await removeNoted(engine, root, 1)
  expect(await removeLeftovers(engine, root)).toBe(0)
  expect(removed()).toEqual([])
  takeBack()
  expect(await removeLeftovers(engine, root)).toBe(1)
  expect(removed()).toEqual(['old'])
})

test('the note of a run that was killed keeps nothing', () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const users = path.join(root, '.workbook', 'users')
  fs.mkdirSync(users, { recursive: true })
  fs.writeFileSync(path.join(users, `old.${pid}`), '')
  expect(hasUser(root, 'old')).toBe(false)
  expect(fs.readdirSync(users)).toEqual([])
})

test('one that cannot be removed is told, and the others go', async () => {
  const owned = { owner: root, age: 3 * HOUR_S }
  const { engine, removed } = await engineWith({ a: owned, b: owned }, { stuck: ['a'] })
  await expect(removeLeftovers(engine, root)).rejects.toThrow('device busy')
  expect(removed()).toEqual(['a', 'b'])
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
