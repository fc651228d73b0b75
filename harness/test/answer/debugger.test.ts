import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { openStand, type Stand } from './stand.ts'

let stand: Stand
let folder: string
let before: string | undefined

/** What an editor's debugger does to a program's children: it opens their inspector, from NODE_OPTIONS. */
const bootloader = `
const inspector = require('node:inspector')
if (process.argv[1]?.endsWith('child.mjs')) {
  inspector.open(0, '127.0.0.1')
  require('node:fs').writeFileSync(process.env.TMPDIR + '/url-' + process.pid, inspector.url())
}`

beforeAll(async () => {
  before = process.env.NODE_OPTIONS
  folder = mkdtempSync(path.join(tmpdir(), 'bootloader-'))
  const file = path.join(folder, 'bootloader.cjs')
  writeFileSync(file, bootloader)
  process.env.NODE_OPTIONS = `--require ${JSON.stringify(file)}`
  stand = await openStand()
})
afterAll(async () => {
  if (before === undefined) delete process.env.NODE_OPTIONS
  else process.env.NODE_OPTIONS = before
  await stand.close()
  rmSync(folder, { recursive: true })
})

test('an open inspector suspends the deadline', async () => {
  const task = stand.play(
    'export const unused = 1',
    `export async function play({ pauseAt }) {
    await pauseAt('before', process.pid)
    const reached = 1 + 1
    return reached
  }`,
    { deadlineMs: 200 },
  )
  const pause = await new Promise<{ number: number; detail: unknown }>((resolve) => (task.onPause = resolve))
  const url = path.join(stand.temp, `url-${pause.detail}`)
  const { post, next, close } = await attach(readFileSync(url, 'utf8'))
  await post('Debugger.enable')
  await post('Debugger.pause')
  task.go(pause.number)
  await next('Debugger.paused')
  // Well past the deadline, measured on a clock and not by hope.
  const from = performance.now()
  await expect.poll(() => performance.now() - from, { timeout: 5000 }).toBeGreaterThan(500)
  await post('Debugger.resume')
  expect(await task.ending).toEqual({ kind: 'returned', value: 2 })
  close()
})

async function attach(url: string) {
  const socket = new WebSocket(url)
  const waiting: {
    match: (message: Record<string, unknown>) => boolean
    resolve: (message: unknown) => void
  }[] = []
  socket.on('message', (data: unknown) => {
    const message = JSON.parse(String(data))
    const index = waiting.findIndex(({ match }) => match(message))
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(message)
  })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('open', resolve))
  const wait = (match: (message: Record<string, unknown>) => boolean) =>
    new Promise((resolve) => waiting.push({ match, resolve }))
  let id = 0
  return {
    post(method: string) {
      id += 1
      const wanted = id
      socket.send(JSON.stringify({ id, method }))
      return wait((message) => message.id === wanted)
    },
    next: (method: string) => wait((message) => message.method === method),
    close: () => socket.close(),
  }
}
