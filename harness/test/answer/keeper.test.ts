import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectKeeper } from '../../answer/connect-keeper.ts'
import { encodeFrame } from '../../answer/frames.ts'
import { isAlive, openStand, root, type Stand } from './stand.ts'

let stand: Stand
beforeAll(async () => {
  stand = await openStand()
})
afterAll(() => stand.close())

const noAnswer = 'export const unused = 1'
const pids = `export const play = async ({ pauseAt }) => { await pauseAt('pids', [process.pid, process.ppid]); await new Promise(() => {}) }`

/** Process ids of a child that stands still, and of its keeper. */
function standing(): { task: ReturnType<Stand['play']>; pids: Promise<[number, number]> } {
  const task = stand.play(noAnswer, pids)
  return {
    task,
    pids: new Promise((resolve) => (task.onPause = ({ detail }) => resolve(detail as [number, number]))),
  }
}

test('an answer that stops its parent without ending it costs only its own verdict', async () => {
  const scenes = `export const play = async () => { process.kill(process.ppid, 'SIGSTOP'); for (;;); }`
  expect(await stand.play(noAnswer, scenes).ending).toEqual({ kind: 'keeper lost' })
  expect(await stand.play(noAnswer, 'export const play = () => 7').ending).toEqual({
    kind: 'returned',
    value: 7,
  })
})

test('an answer that kills its parent costs only its own verdict', async () => {
  const scenes = `export const play = async () => { process.kill(process.ppid, 'SIGKILL'); for (;;); }`
  const bystander = standing()
  const [child] = await bystander.pids
  expect(await stand.play(noAnswer, scenes).ending).toEqual({ kind: 'keeper lost' })
  expect(await bystander.task.ending).toEqual({ kind: 'keeper lost' })
  await expect.poll(() => isAlive(child)).toBe(false)
  expect(await stand.play(noAnswer, 'export const play = () => 5').ending).toEqual({
    kind: 'returned',
    value: 5,
  })
})

test('a connection that goes away takes its tasks along', async () => {
  const client = await connectKeeper(stand.keeper.address)
  const code = stand.exercise('70-wait', noAnswer, pids)
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 't', group: 'g', transactionalId: 'x' }
  const task = client.run(
    code,
    { kind: 'scene', name: 'play', stage, given: undefined },
    { deadlineMs: 10_000 },
  )
  const [pid] = await new Promise<[number]>(
    (resolve) => (task.onPause = ({ detail }) => resolve(detail as [number])),
  )
  await client.close()
  expect(await task.ending).toEqual({ kind: 'killed' })
  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('a stranger without the token is shown the door', async () => {
  const socket = connect(stand.keeper.address.address)
  socket.on('error', () => {})
  socket.write(encodeFrame({ kind: 'hello', token: 'guess' }))
  const closed = await new Promise((resolve) => socket.on('close', () => resolve('closed')).resume())
  expect(closed).toBe('closed')
})

test('nothing is left when the keeper stops: no process, no file', async () => {
  const { pids: standingPids } = standing()
  const [child, keeper] = await standingPids
  const build = path.join(root, '.workbook', 'build', `answers-${keeper}`)
  expect(existsSync(build)).toBe(true)
  await stand.client.close()
  await stand.keeper.stop()
  for (const pid of [child, keeper]) await expect.poll(() => isAlive(pid)).toBe(false)
  expect(existsSync(build)).toBe(false)
  expect(readdirSync(stand.temp)).toEqual([])
})

test('a workbook that cannot be written to is no obstacle', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'read only '))
  writeFileSync(path.join(folder, 'package.json'), '{}')
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  // A file in the place of the folder stops everybody, the superuser too.
  writeFileSync(path.join(folder, '.workbook'), '')
  const other = await openStand(folder)
  const scenes = `import { Kafka } from 'kafkajs'\nexport const play = () => typeof Kafka`
  expect(await other.play(noAnswer, scenes).ending).toEqual({ kind: 'returned', value: 'function' })
  await other.close()
  rmSync(folder, { recursive: true })
})

test('what a killed keeper left behind is removed by the next one', async () => {
  // No process has this id: it is above the limit of every system.
  const left = path.join(root, '.workbook', 'build', 'answers-999999999')
  mkdirSync(left, { recursive: true })
  const other = await openStand()
  expect(existsSync(left)).toBe(false)
  await other.close()
})
