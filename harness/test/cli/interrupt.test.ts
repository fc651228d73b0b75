import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { copyWorkbook, type Running, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

/** Far below a scene's deadline of 5 s: nobody waited for that. */
const AT_ONCE_MS = 3000

/** Runs a command with an answer that never comes to an end, and interrupts it once the answer is at work. */
async function interrupt(command: string, body: string, act: (running: Running) => void) {
  const folder = fs.mkdtempSync(path.join(root, 'answer '))
  const file = path.join(folder, 'answer.ts')
  const begun = path.join(folder, 'begun')
  fs.writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs'
    export const encode = () => ({ value: null })
    export async function produceEvent() {
      writeFileSync(${JSON.stringify(begun)}, '')
      ${body}
    }`,
  )
  let at = 0
  let before: string[] = []
  const run = await runTool(root, [command, '03', '--broker', 'embedded', '--answer', file], {
    async during(running) {
      await expect.poll(() => fs.existsSync(begun), { timeout: 20_000 }).toBe(true)
      before = running.processes()
      at = performance.now()
      act(running)
    },
  })
  const builds = fs.readdirSync(path.join(root, '.workbook', 'build'))
  return { ...run, took: performance.now() - at, before, builds }
}

const WAITS = 'await new Promise(() => {})'
const LOOPS = 'for (;;);'

// Windows has no such signals: there, a signal from outside ends a process at once.
describe.skipIf(process.platform === 'win32').sequential('a command that is interrupted', () => {
  test.each<[string, string, NodeJS.Signals, number]>([
    ['test', WAITS, 'SIGINT', 130],
    ['test', LOOPS, 'SIGTERM', 143],
    ['play', WAITS, 'SIGINT', 130],
    ['play', LOOPS, 'SIGHUP', 129],
  ])('%s, while an answer is at %j, by %s', async (command, body, signal, code) => {
    const run = await interrupt(command, body, (running) => running.kill(signal))
    if (process.platform === 'linux') expect(run.before.length).toBeGreaterThanOrEqual(3)
    expect(run).toMatchObject({ code, stderr: '', filesLeft: [], processesLeft: [] })
    expect(run.took).toBeLessThan(AT_ONCE_MS)
    expect(run.builds.filter((name) => !name.startsWith('cli-'))).toEqual([])
    expect(run.stdout, 'a word about its own end').not.toMatch(/your code|FAILED|JUDGE/i)
  })

  test('twice: it ends at once', async () => {
    const run = await interrupt('test', LOOPS, (running) => {
      running.kill('SIGINT')
      running.kill('SIGINT')
    })
    expect(run.code).toBe(130)
    expect(run.took).toBeLessThan(AT_ONCE_MS)
  })

  test('killed without a chance to clean up: what it started ends by itself', async () => {
    const { before, processesLeft } = await interrupt('test', LOOPS, (running) => running.kill('SIGKILL'))
    if (process.platform === 'linux') expect(before.length).toBeGreaterThanOrEqual(3)
    expect(processesLeft).toEqual([])
  })
  test('npm is ended, which tells only its shell: the command ends, too', async () => {
    const port = await freePort()
    const npm = spawn('npm', ['run', '-s', 'broker', '--', 'serve', '--port', String(port)], { cwd: root })
    const isServed = () =>
      new Promise<boolean>((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
        socket.on('connect', () => socket.destroy())
      })
    await expect.poll(isServed, { timeout: 20_000 }).toBe(true)
    npm.kill('SIGTERM')
    await once(npm, 'exit')
    await expect.poll(isServed, { timeout: 20_000 }).toBe(false)
  })
})
