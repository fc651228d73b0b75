import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linkPackages, sampleWorkbook, write } from './sample-workbook.ts'

let root: string

beforeEach(() => {
  root = sampleWorkbook()
})

afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

/** Runs the launcher as `npm test` does, in a process of its own. */
function workbook(argv: string[], environment: Record<string, string> = {}) {
  const launcher = path.join(root, 'harness', 'bin', 'workbook.mjs')
  const child = spawn(process.execPath, [launcher, ...argv], { env: { ...process.env, ...environment } })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (part) => {
    output.stdout += part
  })
  child.stderr.on('data', (part) => {
    output.stderr += part
  })
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }))
  })
}

test('bundles, hands over the arguments, and ends with the number of main', async () => {
  linkPackages(root)
  const { code, stdout, stderr } = await workbook(['test', '03', 'fail'])
  expect(stderr).toBe('')
  expect(code).toBe(1)
  const said = JSON.parse(stdout)
  expect(said).toMatchObject({ argv: ['test', '03', 'fail'], words: ['loaded', 'later'], found: 4 })
  expect(path.resolve(said.root)).toBe(root)
  expect(said.built).toContain(path.join('.workbook', 'build'))
})

test('two at once on a fresh clone both work', async () => {
  linkPackages(root)
  const both = await Promise.all([workbook(['list']), workbook(['list'])])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
})

test('harness code that does not compile is named with its place, exit code 2', async () => {
  linkPackages(root)
  write(root, { 'harness/cli/lazy.ts': 'export const words = [' })
  const { code, stderr } = await workbook([])
  expect(code).toBe(2)
  expect(stderr).toContain("The workbook's own code could not be built.")
  expect(stderr).toContain('harness/cli/lazy.ts:1:')
})

test('a machine that is offline gets a plain message, exit code 2, and a clean standard output', async () => {
  const dependencies = { kafkajs: '2.2.4' }
  const packages = { '': { dependencies }, 'node_modules/kafkajs': { version: '2.2.4' } }
  write(root, {
    'package.json': JSON.stringify({ type: 'module', dependencies, devDependencies: {} }),
    'package-lock.json': JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  })
  const nowhere = { npm_config_registry: 'http://127.0.0.1:9', npm_config_cache: root }
  const { code, stdout, stderr } = await workbook(['list', '--json'], nowhere)
  expect(stdout).toBe('')
  expect(code).toBe(2)
  expect(stderr).toContain('The packages are not installed yet.')
  expect(stderr).toContain('The packages could not be installed')
  expect(stderr).toContain('npm ci --omit=dev')
})
