import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CallOutcome, Ending } from '../../answer/messages.ts'
import { openStand, type Stand } from './stand.ts'

let stand: Stand
beforeAll(async () => {
  stand = await openStand()
})
afterAll(() => stand.close())

const onlyScene = 'export const unused = 1'

function returned(ending: Ending): unknown {
  if (ending.kind !== 'returned') throw new Error(JSON.stringify(ending))
  return ending.value
}

test('a scene gets its stage, and data crosses as it is', async () => {
  const given = { key: Buffer.from('xxORDxx').subarray(2, 5), big: 12n, map: new Map([[1, new Set(['a'])]]) }
  const task = stand.play(
    onlyScene,
    `import type { Stage } from '#workbook/check'
     export async function play(stage: Stage<any>) {
       const { given, topic, group, transactionalId, kafka } = stage
       const all = Buffer.from('0123456789')
       return {
         given, names: [topic, group, transactionalId], client: typeof kafka.producer,
         isBuffer: Buffer.isBuffer(given.key), nested: [{ deep: all.subarray(3, 6) }],
       }
     }`,
    { given },
  )
  const value = returned(await task.ending) as { nested: [{ deep: Buffer }]; given: typeof given }
  expect(value).toEqual({
    given,
    names: ['orders', 'packers', 'tx'],
    client: 'function',
    isBuffer: true,
    nested: [{ deep: Buffer.from('345') }],
  })
  expect(Buffer.isBuffer(value.nested[0].deep)).toBe(true)
  expect(Buffer.isBuffer(value.given.key)).toBe(true)
})

test('without given, the default of the scene holds', async () => {
  const scenes = `export const play = ({ given = 'default', ...stage }) => [given, 'given' in stage]`
  expect(returned(await stand.play(onlyScene, scenes).ending)).toEqual(['default', false])
})

test('the child works in an empty folder, with nothing that says it is being judged', async () => {
  const scenes = `import { readdirSync } from 'node:fs'
    export const play = () => [readdirSync('.'), Object.keys(process.env).filter((name) => /VITEST|^CI$|NODE_ENV|npm_/.test(name))]`
  expect(returned(await stand.play(onlyScene, scenes).ending)).toEqual([[], []])
})

test('stage, scenes and answer share one kafkajs', async () => {
  const answer = `import { Kafka } from 'kafkajs'\nexport const isKafka = (it: unknown) => it instanceof Kafka`
  const scenes = `import { isKafka } from './NAME.ts'\nexport const play = ({ kafka }) => isKafka(kafka)`
  const code = stand.exercise('50-one-kafkajs', answer, scenes.replace('NAME', 'one-kafkajs'))
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 't', group: 'g', transactionalId: 'x' }
  const task = stand.client.run(
    code,
    { kind: 'scene', name: 'play', stage, given: undefined },
    { deadlineMs: 10_000 },
  )
  expect(returned(await task.ending)).toBe(true)
})

test('a pause waits for the check, which lets it go or makes it throw', async () => {
  const scenes = `export async function play({ pauseAt }) {
    const seen = []
    await pauseAt('first', { at: Buffer.from('1') })
    try { await pauseAt('second') } catch (error) { seen.push(error.message) }
    await pauseAt('third')
    return seen
  }`
  const task = stand.play(onlyScene, scenes)
  const arrivals: unknown[] = []
  task.onPause = ({ label, number, detail }) => {
    arrivals.push([label, number, detail])
    if (label === 'second') task.throwAt(number, 'disk full')
    else task.go(number)
  }
  expect(returned(await task.ending)).toEqual(['disk full'])
  expect(arrivals).toEqual([
    ['first', 1, { at: Buffer.from('1') }],
    ['second', 2, undefined],
    ['third', 3, undefined],
  ])
})

test('kill ends a scene that stands at a pause', async () => {
  const task = stand.play(onlyScene, `export const play = ({ pauseAt }) => pauseAt('handling')`)
  task.onPause = () => task.kill()
  expect(await task.ending).toEqual({ kind: 'killed' })
})

test('two scenes run side by side in two processes', async () => {
  const scenes = `export const play = async ({ pauseAt }) => { await pauseAt('here', process.pid); return process.pid }`
  const tasks = [stand.play(onlyScene, scenes), stand.play(onlyScene, scenes)] as const
  const arrived = await Promise.all(
    tasks.map(
      (task) => new Promise<{ number: number; detail: unknown }>((resolve) => (task.onPause = resolve)),
    ),
  )
  for (const [index, task] of tasks.entries()) task.go(arrived[index]?.number ?? 0)
  const pids = await Promise.all(tasks.map(async (task) => returned(await task.ending)))
  expect(pids).toEqual(arrived.map(({ detail }) => detail))
  expect(new Set(pids).size).toBe(2)
})

test('output carries the place of the call, also what bypasses console', async () => {
  const answer = `import { writeSync } from 'node:fs'
export function say() {
  console.log('a\\nb')
  process.stdout.write('no end')
  console.error('%s!', 'careful')
}
export const raw = () => writeSync(1, 'raw\\n')
`
  const code = stand.exercise(
    '60-say',
    answer,
    `import { raw, say } from './say.ts'\nexport const play = () => { say(); raw() }`,
  )
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 't', group: 'g', transactionalId: 'x' }
  const task = stand.client.run(
    code,
    { kind: 'scene', name: 'play', stage, given: undefined },
    { deadlineMs: 10_000 },
  )
  returned(await task.ending)
  const at = (line: number) => expect.objectContaining({ file: code.answerFile, line, within: 'say' })
  expect(task.output).toHaveLength(5)
  expect(task.output).toEqual(
    expect.arrayContaining([
      { stream: 'stdout', text: 'a', at: at(3) },
      { stream: 'stdout', text: 'b', at: at(3) },
      { stream: 'stdout', text: 'no end', at: at(4) },
      { stream: 'stderr', text: 'careful!', at: at(5) },
      { stream: 'stdout', text: 'raw' },
    ]),
  )
})

test("kafkajs's own log lines stay out of the output, but not out of free output", async () => {
  const scenes = `export const play = ({ kafka }) => { kafka.logger().error('no broker'); kafka.logger().info('hello') }`
  const judged = stand.play(onlyScene, scenes)
  returned(await judged.ending)
  expect(judged.output).toEqual([])

  const print = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const played = stand.play(onlyScene, scenes, { inheritOutput: true })
  returned(await played.ending)
  const printed = print.mock.calls.map(([text]) => text)
  print.mockRestore()
  expect(printed).toEqual(['kafkajs error: no broker\n'])
  expect(played.output).toMatchObject([{ stream: 'stderr', text: 'kafkajs error: no broker' }])
})

test('pure calls: each has its own outcome, and one process serves many', async () => {
  const code = stand.exercise(
    '05-part',
    `let calls = 0
     export function part(key: string) {
       if (key === 'bad') throw new RangeError('TODO part')
       if (key === 'odd') return () => 1
       return [key, process.pid, ++calls]
     }`,
  )
  const call = (argumentLists: unknown[][]) =>
    stand.client.run(code, { kind: 'calls', name: 'part', argumentLists }, { deadlineMs: 10_000 })
  const first = returned(await call([['a'], ['bad'], ['odd'], ['b']]).ending) as CallOutcome[]
  expect(first).toMatchObject([
    { value: ['a', expect.any(Number), 1] },
    {
      thrown: {
        name: 'RangeError',
        message: 'TODO part',
        at: { file: code.answerFile, line: 3, within: 'part' },
      },
    },
    { thrown: { message: expect.stringContaining('cannot be copied') } },
    { value: ['b', expect.any(Number), 2] },
  ])
  const second = returned(await call([['c']]).ending) as CallOutcome[]
  // The same process, and a fresh instance of the module.
  expect(second).toEqual([{ value: ['c', (first[0] as { value: unknown[] }).value[1], 1] }])
})

test('a call that changes what it is given changes nothing for the next one', async () => {
  const shared = { items: [1], bytes: Buffer.from('abc') }
  const task = stand.call(
    `export const run = ({ items, bytes }) => [items.push(2), bytes.fill('x').toString(), Buffer.isBuffer(bytes)]`,
    [[shared], [shared]],
  )
  expect(returned(await task.ending)).toEqual([{ value: [2, 'xxx', true] }, { value: [2, 'xxx', true] }])
})

test('a process that ended badly is not used again', async () => {
  const code = stand.exercise(
    '06-bad',
    `export const run = (how: string) => { if (how === 'loop') for (;;); return process.pid }`,
  )
  const call = (how: string, deadlineMs: number) =>
    stand.client.run(code, { kind: 'calls', name: 'run', argumentLists: [[how]] }, { deadlineMs })
  const [{ value: before }] = returned(await call('well', 10_000).ending) as [{ value: number }]
  expect(await call('loop', 300).ending).toMatchObject({
    kind: 'deadline',
    loopAt: { file: code.answerFile, line: 1 },
  })
  const [{ value: after }] = returned(await call('well', 10_000).ending) as [{ value: number }]
  expect(after).not.toBe(before)
})

test('ten thousand calls, all of which throw, take one quick trip', async () => {
  const lists = Array.from({ length: 10_000 }, (_, index) => [index])
  const task = stand.call(`export const run = (n: number) => { throw new Error('TODO ' + n) }`, lists)
  const outcomes = returned(await task.ending) as CallOutcome[]
  expect(outcomes).toHaveLength(10_000)
  expect(outcomes.at(-1)).toMatchObject({ thrown: { message: 'TODO 9999' } })
})

test('an edited answer is compiled anew', async () => {
  const code = stand.exercise('07-edit', 'export const run = () => 1')
  const run = () =>
    stand.client.run(code, { kind: 'calls', name: 'run', argumentLists: [[]] }, { deadlineMs: 10_000 })
  expect(returned(await run().ending)).toEqual([{ value: 1 }])
  stand.exercise('07-edit', 'export const run = () => 2')
  expect(returned(await run().ending)).toEqual([{ value: 2 }])
})

test('an answer that does not compile is told where', async () => {
  const task = stand.call('export const run = (\n', [[]])
  expect(await task.ending).toMatchObject({ kind: 'not compiled', problems: [{ at: { line: 2 } }] })
  expect(
    path.basename(
      ((await task.ending) as Extract<Ending, { kind: 'not compiled' }>).problems[0]?.at?.file ?? '',
    ),
  ).toBe('try.ts')
})

test('the folders of children that are gone are gone', async () => {
  const work = path.join(stand.temp, readdirSync(stand.temp)[0] ?? '', 'work')
  await expect.poll(() => readdirSync(work).length).toBeLessThanOrEqual(2)
})

test('scenes one after the other share a process when nothing is left behind, and never a variable', async () => {
  const code = stand.exercise(
    '03-send',
    `let runs = 0
     export const next = () => ++runs`,
    `import { next } from './send.ts'
     import { createServer } from 'node:net'
     export const clean = () => [process.pid, next()]
     export const throwing = () => { throw new Error('disk full') }
     export async function leaving() {
       await new Promise((resolve) => createServer().listen(0, '127.0.0.1', resolve))
       return [process.pid, next()]
     }`,
  )
  const play = async (name: string) => {
    const stage = { broker: '127.0.0.1:9', ports: [], topic: '', group: '', transactionalId: '' }
    const task = { kind: 'scene' as const, name, stage, given: undefined }
    const ending = await stand.client.run(code, task, { deadlineMs: 10_000 }).ending
    return ending.kind === 'returned' ? (ending.value as number[]) : ending.kind
  }
  const [pid, runs] = (await play('clean')) as number[]
  expect(runs).toBe(1)
  expect(await play('clean')).toEqual([pid, 1])
  expect(await play('throwing')).toBe('threw')
  expect(await play('leaving')).toEqual([pid, 1])
  expect(((await play('clean')) as number[])[0]).not.toBe(pid)
})
