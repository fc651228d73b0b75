import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installPackages } from '../../bin/install.mjs'
import { sampleWorkbook, write } from './sample-workbook.ts'

let root: string
let said: string[]
let calls: string[][]

beforeEach(() => {
  root = sampleWorkbook({
    'package.json': JSON.stringify({
      dependencies: { kafkajs: '2.2.4' },
      devDependencies: { typescript: '7.0.2' },
    }),
  })
  said = []
  calls = []
})

afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const lockFile = () => path.join(root, '.workbook', 'install.lock')
const installed = (name: string, version: string) =>
  write(root, { [`node_modules/${name}/package.json`]: JSON.stringify({ version }) })

/** Stands for npm, which takes long and needs a network: puts the packages there, as npm would. */
async function npm(_root: string, args: string[]): Promise<null> {
  calls.push(args)
  installed('kafkajs', '2.2.4')
  if (args.includes('--include=dev')) installed('typescript', '7.0.2')
  return null
}

const install = (forAuthors = false, run: typeof npm | (() => Promise<string>) = npm) =>
  installPackages(root, { forAuthors, say: (line) => said.push(line), npm: run })

test("a fresh clone gets the learner's packages, once", async () => {
  expect(await install()).toBeNull()
  expect(await install()).toBeNull()
  expect(calls.map(([, which]) => which)).toEqual(['--omit=dev'])
  expect(said).toEqual([expect.stringContaining('not installed yet')])
  expect(fs.existsSync(lockFile())).toBe(false)
})

test("an author's command adds the authors' packages, and a learner's command keeps them", async () => {
  installed('kafkajs', '2.2.4')
  expect(await install(true)).toBeNull()
  expect(said).toEqual([expect.stringContaining("authors' packages")])
  installed('kafkajs', '1.0.0')
  expect(await install()).toBeNull()
  expect(calls.map(([, which]) => which)).toEqual(['--include=dev', '--include=dev'])
})

test('another version than the pinned one is installed again', async () => {
  installed('kafkajs', '2.2.3')
  await install()
  expect(calls).toHaveLength(1)
})

test('a failure says what to do, and the next command installs again', async () => {
  const problem = await install(false, async () => 'npm ended with code 1')
  expect(problem).toContain('The packages could not be installed: npm ended with code 1.')
  expect(problem).toContain('npm ci --omit=dev')
  // The packages may be there in part; the lock of a process that has ended tells.
  installed('kafkajs', '2.2.4')
  write(root, { '.workbook/install.lock': String(await endedProcess()) })
  expect(await install()).toBeNull()
  expect(calls).toHaveLength(1)
})

test('two at once install once', async () => {
  await Promise.all([install(), install()])
  expect(calls).toHaveLength(1)
  expect(said).toContain('Another command is installing the packages. Waiting for it.')
})

test('a folder that cannot be written to is an explained problem', async () => {
  write(root, { '.workbook': 'not a folder' })
  expect(await install()).toMatch(/^The packages cannot be installed: .*\nMake .* writable/)
})

/** The id of a process that was there and is not any more. */
async function endedProcess(): Promise<number> {
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, ['-e', '0'])
  await new Promise((resolve) => child.on('close', resolve))
  return child.pid as number
}
