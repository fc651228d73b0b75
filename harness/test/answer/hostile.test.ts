import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive, openStand, type Stand } from './stand.ts'

let stand: Stand
beforeAll(async () => {
  stand = await openStand()
})
afterAll(() => stand.close())

const noAnswer = 'export const unused = 1'
const play = (body: string, options: Parameters<Stand['play']>[2] = {}) =>
  stand.play(noAnswer, `export async function play({ pauseAt }) {\n${body}\n}`, options)

const at = (line: number) =>
  expect.objectContaining({ file: expect.stringMatching(/try\.scenes\.ts$/), line })

test.each([
  ['an Error', `throw new TypeError('no')`, { name: 'TypeError', message: 'no', at: at(2) }],
  ['later', `await null\nthrow new Error('TODO play')`, { message: 'TODO play', at: at(3) }],
  ['a string', `throw 'text'`, { message: "'text' was thrown, which is not an Error" }],
  [
    'in a timer',
    `setTimeout(() => { throw new Error('late') })\nawait new Promise(() => {})`,
    { message: 'late', at: at(2) },
  ],
  ['unheard', `Promise.reject(new Error('unheard'))\nreturn 1`, { message: 'unheard', at: at(2) }],
  ['a function as result', 'return () => 1', { message: expect.stringContaining('cannot be copied') }],
  [
    'too large a result',
    'return Buffer.alloc(80e6)',
    { message: expect.stringContaining('too large to copy') },
  ],
  [
    'a result that lies',
    `return { get x() { throw new Error('got') } }`,
    { message: expect.stringContaining('cannot be copied') },
  ],
  [
    'a detail that cannot be copied',
    `await pauseAt('x', () => 1)`,
    { message: expect.stringContaining('cannot be copied') },
  ],
])('throws %s', async (_, body, thrown) => {
  expect(await play(body).ending).toMatchObject({ kind: 'threw', thrown })
})

test('a scene that does not exist, and a module that throws when it is loaded', async () => {
  expect(await stand.play(noAnswer, 'export const other = 1').ending).toMatchObject({
    kind: 'threw',
    thrown: { message: 'there is no exported function "play"' },
  })
  const scenes = "throw new Error('at once')\nexport const play = () => 1"
  expect(await stand.play(noAnswer, scenes).ending).toMatchObject({ kind: 'threw', thrown: { at: at(1) } })
})

test('an endless loop is named by its line and function', async () => {
  const answer = `export function spin() {\n  let turns = 0\n  while (turns >= 0) {\n    turns += 1\n  }\n}`
  const code = stand.exercise(
    '40-spin',
    answer,
    `import { spin } from './spin.ts'\nexport const play = () => spin()`,
  )
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 't', group: 'g', transactionalId: 'x' }
  const task = { kind: 'scene', name: 'play', stage, given: undefined } as const
  const ending = await stand.client.run(code, task, { deadlineMs: 400 }).ending
  expect(ending).toMatchObject({
    kind: 'deadline',
    deadlineMs: 400,
    loopAt: { file: code.answerFile, within: 'spin' },
  })
  expect([3, 4]).toContain((ending as { loopAt: { line: number } }).loopAt.line)
})

test('an endless chain of promises is a loop, too', async () => {
  const ending = await play('for (;;) await null', { deadlineMs: 400 }).ending
  expect(ending).toMatchObject({ kind: 'deadline', loopAt: at(2) })
})

test('waiting for ever is no loop; a pause that nobody released is named', async () => {
  const waiting = await play(`setInterval(() => {}, 1)\nawait new Promise(() => {})`, { deadlineMs: 300 })
    .ending
  expect(waiting).toEqual({ kind: 'deadline', deadlineMs: 300 })
  const held = play(`await pauseAt('handling')`, { deadlineMs: 300 })
  held.onPause = () => {}
  expect(await held.ending).toEqual({ kind: 'deadline', deadlineMs: 300, pausedAt: 'handling' })
})

test.each([
  ['process.exit(7)', { code: 7, signal: null, at: at(2) }],
  ['process.exit(0)', { code: 0, signal: null, at: at(2) }],
  ['process.reallyExit(0)', { code: 0, signal: null, at: at(2) }],
  ['process.abort()', { signal: 'SIGABRT', at: at(2) }],
  [`process.kill(process.pid, 'SIGKILL')`, { signal: 'SIGKILL', at: at(2) }],
])('%s has ended the process, and says where', async (body, ending) => {
  expect(await play(`${body}\nawait new Promise(() => {})`).ending).toMatchObject({
    kind: 'exited',
    ...ending,
  })
})

test.each([
  ['console.log', `for (let i = 0; i < 500; i++) console.log('x'.repeat(1e6))`],
  [
    'the bare descriptor',
    // A full pipe refuses (EAGAIN); whoever floods it tries again.
    `const { writeSync } = await import('node:fs')
     for (let bytes = 0; bytes < 500e6; ) { try { bytes += writeSync(1, 'x'.repeat(1e6)) } catch {} }`,
  ],
])('500 MB of output by %s', async (_, body) => {
  const task = play(body)
  expect(await task.ending).toEqual({ kind: 'output limit', limitBytes: 1024 * 1024 })
  expect(task.output.reduce((sum, line) => sum + line.text.length, 0)).toBeLessThan(10e6)
})

test('of a million empty lines, the first thousand are kept', async () => {
  const task = play(`process.stdout.write('\\n'.repeat(1e6))`)
  expect(await task.ending).toEqual({ kind: 'returned', value: undefined })
  expect(task.output).toHaveLength(1000)
})

test('a heap without end', async () => {
  const task = play(`const all = []\nfor (;;) all.push(new Array(1000).fill(all.length))`)
  expect(await task.ending).toEqual({ kind: 'memory limit', limitBytes: 256 * 1024 * 1024 })
  expect(task.output).toEqual([])
})

test('buffers without end, which no heap limit bounds', async () => {
  const task = play(`const all = []\nfor (;;) all.push(Buffer.alloc(10e6, 1))`)
  expect(await task.ending).toEqual({ kind: 'memory limit', limitBytes: 1024 * 1024 * 1024 })
})

test('what a scene leaves behind ends with it: sockets, timers, a child process', async () => {
  const task = play(`
    const { createServer } = await import('node:net')
    const { spawn } = await import('node:child_process')
    await new Promise((resolve) => createServer().listen(0, '127.0.0.1', resolve))
    setInterval(() => {}, 1000)
    return [process.pid, spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid]`)
  const ending = await task.ending
  expect(ending.kind).toBe('returned')
  for (const pid of (ending as { value: [number, number] }).value)
    await expect.poll(() => isAlive(pid)).toBe(false)
})

test.each([
  [
    'process.send',
    `process.send?.({ kind: 'returned', value: 'forged' })\nprocess.emit('message', { kind: 'returned' })`,
  ],
  ['standard output', `process.stdout.write(JSON.stringify({ kind: 'returned', value: 'forged' }) + '\\n')`],
])('a result forged by %s is not one', async (_, body) => {
  expect(await play(`${body}\nthrow new Error('the truth')`).ending).toMatchObject({
    kind: 'threw',
    thrown: { message: 'the truth' },
  })
})

test.each([4, 5])('frames forged on descriptor %i end the task', async (fd) => {
  const body = `const { writeSync } = await import('node:fs')
    const { serialize } = await import('node:v8')
    const value = serialize({ kind: 'returned', value: serialize('forged') })
    const frame = Buffer.alloc(4 + 16 + value.length)
    frame.writeUInt32BE(16 + value.length)
    value.copy(frame, 20)
    writeSync(${fd}, frame)
    await new Promise(() => {})`
  expect(await play(body).ending).toMatchObject({
    kind: 'threw',
    thrown: { message: expect.stringContaining('wrote into a pipe') },
  })
})
