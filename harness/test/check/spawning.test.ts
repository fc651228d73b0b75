import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnswerCode } from '../../answer/messages.ts'
import { serveSpawns } from '../../check/spawning.ts'
import { isAlive, openStand, type Stand } from '../answer/stand.ts'

let stand: Stand
beforeAll(async () => {
  stand = await openStand()
})
afterAll(() => stand.close())

let written = 0

/** Plays the scene `play`, which may spawn any scene of the same file, and so may those. */
function play(scenes: string) {
  written += 1
  const code = stand.exercise(`${60 + written}-spawns`, 'export const unused = 1', scenes)
  return start(code, 'play', undefined)
}

function start(code: AnswerCode, name: string, given: unknown) {
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 'orders', group: 'packers', transactionalId: 'tx' }
  const task = stand.client.run(code, { kind: 'scene', name, stage, given }, { deadlineMs: 10_000 })
  serveSpawns(task, async (scene, itsGiven) => start(code, scene, itsGiven))
  return task
}

test('a scene spawns others in processes of their own, holds them at pauses and hears how they ended', async () => {
  const task = play(`
    export async function play({ spawn, topic }) {
      const one = spawn('member', { name: 'one' })
      const two = spawn('member', { name: 'two' })
      const pauses = await Promise.all([one.paused('working'), two.paused('working')])
      const pids = pauses.map(({ detail }) => detail.pid)
      pauses[0].go()
      pauses[1].throw('disk full')
      return { topic, pids: new Set([...pids, process.pid]).size, one: await one.ended(), two: await two.ended().catch(String) }
    }
    export async function member({ pauseAt, topic, given }) {
      await pauseAt('working', { pid: process.pid })
      return [topic, given.name, Buffer.from('x')]
    }`)
  expect(await task.ending).toEqual({
    kind: 'returned',
    value: {
      topic: 'orders',
      pids: 3,
      one: ['orders', 'one', Buffer.from('x')],
      two: 'Error: member: Error: disk full',
    },
  })
})

test('a spawned scene is killed like a crash, and whoever waits for it hears that it is over', async () => {
  const task = play(`
    export async function play({ spawn }) {
      const one = spawn('member')
      const { detail } = await one.paused('working')
      await one.kill()
      let alive = true
      try { process.kill(detail, 0) } catch { alive = false }
      return { alive, ended: await one.ended(), later: await one.paused('working').catch(String) }
    }
    export const member = ({ pauseAt }) => pauseAt('working', process.pid)`)
  expect(await task.ending).toMatchObject({
    kind: 'returned',
    value: {
      alive: false,
      ended: undefined,
      later: 'Error: The scene member was over before it came to "working".',
    },
  })
})

test('spawned scenes end with their spawner', async () => {
  const task = play(`
    export async function play({ spawn, pauseAt }) {
      const { detail } = await spawn('member').paused('working')
      await pauseAt('spawned', detail)
    }
    export const member = ({ pauseAt }) => pauseAt('working', process.pid)`)
  const pid = await new Promise<number>((resolve) => {
    task.onPause = ({ detail }) => resolve(detail as number)
  })
  expect(isAlive(pid)).toBe(true)
  task.kill()
  await task.ending
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
})

test('a scene that does not exist, data that cannot be copied and too many scenes are errors of the spawner', async () => {
  const task = play(`
    export async function play({ spawn }) {
      const missing = await spawn('nobody').ended().catch(String)
      let copied = 'yes'
      try { spawn('idle', { call() {} }) } catch (error) { copied = error.name }
      const many = Array.from({ length: 20 }, () => spawn('idle').ended().then(() => 'ran', String))
      const refused = (await Promise.all(many)).filter((one) => one !== 'ran')
      return { missing, copied, refused: [...new Set(refused)] }
    }
    export const idle = () => {}`)
  expect(await task.ending).toEqual({
    kind: 'returned',
    value: {
      missing: 'Error: nobody: TypeError: there is no exported function "nobody"',
      copied: 'Error',
      refused: ['Error: idle: one scene may spawn 16 others'],
    },
  })
}, 30_000)
