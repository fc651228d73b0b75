import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive } from '../../is-alive.ts'
import { runJava } from '../../kafka/java-process.ts'

/* Node stands in for Java. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const printsAndStays = node('console.log(process.pid); setInterval(() => {}, 1000)')
const POLL = { timeout: 10_000, interval: 20 }

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'java-process-'))
})

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

function node(code: string): string[] {
  return [process.execPath, '-e', code]
}

/** The process id that `printsAndStays` wrote into the log. */
async function pidIn(log: () => string): Promise<number> {
  await expect.poll(log, POLL).toMatch(/\d+\n$/)
  return Number(log().trim().split('\n').at(-1))
}

function logFile(): string {
  return fs.readFileSync(path.join(folder, 'kafka.log'), { encoding: 'utf8', flag: 'a+' })
}

test('commands run one after the other; stop ends the last one and removes the folder', async () => {
  const java = runJava(ROOT, { folder, commands: [node('console.log("formatted")'), printsAndStays] })
  const pid = await pidIn(java.log)
  expect(java.log()).toBe(`formatted\n${pid}\n`)
  expect([isAlive(pid), java.ended()]).toEqual([true, false])
  await java.stop()
  await expect.poll(() => isAlive(pid), POLL).toBe(false)
  expect([fs.existsSync(folder), java.ended()]).toEqual([false, true])
  await java.stop()
})

test('a command that fails is the last one; its words stay, its folder goes', async () => {
  const java = runJava(ROOT, {
    folder,
    commands: [node('console.error("no disk"); process.exit(3)'), printsAndStays],
  })
  await expect.poll(java.ended, POLL).toBe(true)
  expect(java.log()).toBe('no disk\nJava ended with exit code 3.\n')
  expect(fs.existsSync(folder)).toBe(false)
  await java.stop()
})

test('a program that is not there is told in the log', async () => {
  const java = runJava(ROOT, { folder, commands: [[path.join(folder, 'bin', 'java')]] })
  await expect.poll(java.ended, POLL).toBe(true)
  expect(java.log()).toMatch(/spawn .*java ENOENT/)
})

test('nothing is left when the process that started it is killed', async () => {
  const keeper = path.join(ROOT, 'harness', 'bin', 'java-keeper.mjs')
  const work = JSON.stringify({ folder, commands: [printsAndStays] })
  const tool = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ${JSON.stringify([keeper, work])},
        { stdio: ['pipe', 'ignore', 'ignore'], detached: true })`,
    ],
    { stdio: 'ignore' },
  )
  const pid = await pidIn(logFile)
  tool.kill('SIGKILL')
  await once(tool, 'exit')
  await expect.poll(() => isAlive(pid), POLL).toBe(false)
  await expect.poll(() => fs.existsSync(folder), POLL).toBe(false)
})

test('one that stays is left alone by its starter, until its file is gone', async () => {
  const file = path.join(path.dirname(folder), `${path.basename(folder)}.json`)
  fs.writeFileSync(file, '')
  const java = runJava(ROOT, { folder, commands: [printsAndStays] })
  const pid = await pidIn(java.log)
  java.leave(file)
  fs.rmSync(file)
  await expect.poll(() => isAlive(pid), POLL).toBe(false)
  await expect.poll(() => fs.existsSync(folder), POLL).toBe(false)
})

test.skipIf(process.platform === 'win32')('what it makes on leaving in peace is kept', async () => {
  const kept = `${folder}.kept`
  const made = path.join(folder, 'made')
  const code = `process.on('SIGTERM', () => {
    require('node:fs').writeFileSync(${JSON.stringify(made)}, 'classes')
    process.exit(143)
  }); console.log(process.pid); setInterval(() => {}, 1000)`
  const java = runJava(ROOT, { folder, commands: [node(code)], archive: { made, kept } })
  await pidIn(java.log)
  await java.stop()
  expect(fs.readFileSync(kept, 'utf8')).toBe('classes')
  expect(fs.existsSync(folder)).toBe(false)
  fs.rmSync(kept)
})
