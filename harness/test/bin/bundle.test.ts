import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bundle } from '../../bin/bundle.mjs'
import { linkPackages, sampleWorkbook, write } from './sample-workbook.ts'

let root: string
let temporary: string

beforeEach(() => {
  root = sampleWorkbook()
  linkPackages(root)
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'workbook-temporary-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
  fs.rmSync(temporary, { recursive: true, force: true })
})

const builds = () => fs.readdirSync(path.join(root, '.workbook', 'build'))

test('builds every entry that is there, with shared code in chunks', async () => {
  const { dir, files } = await bundle(root)
  expect(Object.keys(files)).toEqual(['main', 'check'])
  expect(files.main).toBe(path.join(dir, 'main.mjs'))
  const { words } = await import(files.check as string)
  expect(words).toEqual(['loaded', 'later'])
})

test('uses the same build until something changes', async () => {
  const first = await bundle(root)
  const builtAt = fs.statSync(first.files.main as string).mtimeMs
  expect((await bundle(root)).dir).toBe(first.dir)
  expect(fs.statSync(first.files.main as string).mtimeMs).toBe(builtAt)
  expect(builds()).toHaveLength(1)
})

test.each([
  'harness/cli/lazy.ts',
  'harness/bin/launch.mjs',
  'harness/bin/kafkajs-loader.cjs',
  'package.json',
  'exercises/bookstore.ts',
])('a change of %s makes a new build', async (file) => {
  const before = await bundle(root)
  fs.appendFileSync(path.join(root, file), '\n')
  expect((await bundle(root)).dir).not.toBe(before.dir)
})

test('a new file makes a new build, a test or a page does not', async () => {
  const before = await bundle(root)
  write(root, { 'harness/test/cli/main.test.ts': '', 'harness/README.md': '' })
  expect((await bundle(root)).dir).toBe(before.dir)
  write(root, { 'harness/kafka/broker.ts': '' })
  expect((await bundle(root)).dir).not.toBe(before.dir)
})

test('several at the same time end with one whole build and leave nothing else', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => bundle(root)))
  expect(new Set(all.map(({ dir }) => dir)).size).toBe(1)
  expect(builds()).toEqual([path.basename(all[0]?.dir as string)])
})

test('a build that fails names the place and leaves nothing behind', async () => {
  write(root, { 'harness/cli/main.ts': 'export const main = )' })
  await expect(bundle(root)).rejects.toThrow(/harness\/cli\/main\.ts:1:20/)
  expect(builds()).toEqual([])
})

test('removes builds that nobody used for a day, and keeps younger ones', async () => {
  const old = await bundle(root)
  fs.appendFileSync(path.join(root, 'package.json'), '\n')
  const young = await bundle(root)
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
  fs.utimesSync(old.dir, twoDaysAgo, twoDaysAgo)
  fs.appendFileSync(path.join(root, 'package.json'), '\n')
  const newest = await bundle(root)
  expect(builds().sort()).toEqual([young, newest].map(({ dir }) => path.basename(dir)).sort())
})

test('a build counts as used each time it is taken', async () => {
  const { dir } = await bundle(root)
  const longAgo = new Date(0)
  fs.utimesSync(dir, longAgo, longAgo)
  await bundle(root)
  expect(fs.statSync(dir).mtimeMs).toBeGreaterThan(Date.now() - 60_000)
})

test('builds in the temporary folder when the workbook cannot be written to', async () => {
  vi.stubEnv('TMPDIR', temporary)
  // Stands for a read-only folder, which does not stop an administrator from writing.
  write(root, { '.workbook': 'not a folder' })
  const { dir } = await bundle(root)
  expect(path.relative(fs.realpathSync(temporary), fs.realpathSync(dir))).not.toMatch(/^\.\./)
  expect((await bundle(root)).dir).toBe(dir)
  expect(fs.readdirSync(path.join(dir, '..', 'node_modules'))).toContain('kafkajs')
})
