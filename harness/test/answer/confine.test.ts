import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectKeeper } from '../../answer/connect-keeper.ts'
import { NODE_IMAGE } from '../../answer/container.ts'
import type { KeeperClient } from '../../answer/keeper-client.ts'
import type { Ending, Task } from '../../answer/messages.ts'
import { type Keeper, startKeeper } from '../../answer/start-keeper.ts'
import { bundle } from '../../bin/bundle.mjs'
import { findEngine } from '../../kafka/engine.ts'
import { openStand, root, type Stand } from './stand.ts'

const engine = await findEngine()
const hasImage = (await engine?.hasImage(NODE_IMAGE)) ?? false

/** Without an engine that has the image, strict alone is tried. */
const modes = [...(hasImage ? (['container'] as const) : []), 'strict' as const]

describe.each(modes)('%s', (confinement) => {
  let stand: Stand
  let keeper: Keeper
  let client: KeeperClient
  beforeAll(async () => {
    stand = await openStand()
    const { dir } = await bundle(root)
    const files = { keeperFile: path.join(dir, 'keeper.mjs'), childFile: path.join(dir, 'child.mjs') }
    keeper = startKeeper({ root, ...files, confinement })
    client = await connectKeeper(keeper.address)
  })
  afterAll(async () => {
    await client.close()
    await keeper.stop()
    await stand.close()
  })

  let written = 0
  const play = (body: string, { ports = [0], deadlineMs = 20_000 } = {}) => {
    written += 1
    const scenes = `export async function play({ kafka, pauseAt }) {\n${body}\n}`
    const code = stand.exercise(`${10 + written}-try`, 'export const unused = 1', scenes)
    const stage = { broker: `127.0.0.1:${ports[0]}`, ports, topic: 't', group: 'g', transactionalId: 'x' }
    const task: Task = { kind: 'scene', name: 'play', stage, given: undefined }
    return client.run(code, task, { deadlineMs })
  }
  const refusal = (body: string) => play(body).ending as Promise<Extract<Ending, { kind: 'threw' }>>

  test('a scene does its work, prints and waits at pauses', async () => {
    const task = play(`console.log('hello'); await pauseAt('here'); return [typeof kafka.producer, 7n]`)
    expect(await task.ending).toEqual({ kind: 'returned', value: ['function', 7n] })
    expect(task.output).toMatchObject([{ text: 'hello', at: { line: 2 } }])
  })

  test.each([
    [
      'read the workbook',
      `(await import('node:fs')).readFileSync(${JSON.stringify(path.join(root, 'README.md'))})`,
    ],
    [
      'read other answers',
      `(await import('node:fs')).readdirSync(${JSON.stringify(path.join(root, '.workbook'))})`,
    ],
    ['write a file', `(await import('node:fs')).writeFileSync(${JSON.stringify(path.join(root, 'x'))}, '')`],
  ])('an answer cannot %s', async (_, body) => {
    expect((await refusal(`await (async () => { ${body} })()`)).thrown.code).toMatch(
      /^(ERR_ACCESS_DENIED|ENOENT|EROFS)$/,
    )
  })

  test('a child that is killed is gone, and the next one works', async () => {
    const task = play(`await pauseAt('here')`)
    await new Promise<void>((resolve) => {
      task.onPause = () => resolve()
    })
    task.kill()
    expect(await task.ending).toEqual({ kind: 'killed' })
    expect(await play('return process.ppid > 0').ending).toMatchObject({ value: true })
  })

  test('an endless loop is ended', async () => {
    expect(await play('for (;;);', { deadlineMs: 500 }).ending).toMatchObject({
      kind: 'deadline',
      deadlineMs: 500,
    })
  })

  test('buffers without end are ended', async () => {
    const ending = await play(`const all = []\nfor (;;) all.push(Buffer.alloc(10e6, 1))`).ending
    if (process.platform === 'linux') expect(ending.kind).toBe('memory limit')
  })

  test('the ports of the stage lead to this machine', async () => {
    const server = createServer((socket) => socket.end('from outside'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const read = `const { connect } = await import('node:net')
      return await new Promise((resolve) => {
        const socket = connect(${port}, '127.0.0.1')
        let text = ''
        socket.on('error', (error) => resolve(error.code))
        socket.on('data', (bytes) => { text += bytes })
        socket.on('end', () => resolve(text))
      })`
    expect(await play(read, { ports: [port] }).ending).toMatchObject({ value: 'from outside' })
    const closed = confinement === 'container' ? 'ECONNREFUSED' : 'from outside'
    expect(await play(read, { ports: [] }).ending).toMatchObject({ value: closed })
    server.close()
  })
})

describe('strict', () => {
  let stand: Stand
  beforeAll(async () => {
    stand = await openStand(root, 'strict')
  })
  afterAll(() => stand.close())

  test.each([
    [
      'process',
      `import { spawn } from 'node:child_process'\nexport const run = () => void spawn(process.execPath)`,
    ],
    [
      'thread',
      `import { Worker } from 'node:worker_threads'\nexport const run = () => void new Worker('', { eval: true })`,
    ],
  ])('an answer cannot start a %s', async (_, answer) => {
    expect(await stand.call(answer, [[]]).ending).toMatchObject({
      value: [{ thrown: { code: 'ERR_ACCESS_DENIED' } }],
    })
  })

  test('an answer is one file', async () => {
    expect(await stand.call(`import './other.ts'\nexport const run = 1`, [[]]).ending).toMatchObject({
      kind: 'not compiled',
      problems: [{ text: expect.stringContaining('"./other.ts" is not there') }],
    })
  })
})
