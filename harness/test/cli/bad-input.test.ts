import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExercise, listExercises } from '../../exercise/find.ts'
import { copyWorkbook, type Run, type RunOptions, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

const workbook = (argv: string[], options?: RunOptions) => runTool(root, argv, options)

/** A message and a next step, no result, no stack trace, nothing left behind. */
function expectRefusal(run: Run, message: string, next: string): void {
  expect(run.stderr).toContain(message)
  expect(run.stderr.slice(run.stderr.indexOf(message) + message.length)).toContain(next)
  expect(run.stderr).not.toMatch(/^ +at /m)
  expect(run).toMatchObject({ code: 2, stdout: '', filesLeft: [], processesLeft: [] })
}

describe.concurrent('a command line that cannot be meant', () => {
  test.each<[string[], string, string]>([
    [['test', '99'], 'There is no exercise "99".', 'npm run list'],
    [['test', 'prodce-evnt'], 'There is no exercise "prodce-evnt".', 'Did you mean 03-produce-event?'],
    [['test', ''], 'There is no exercise "".', 'npm run list'],
    [['test', 'event'], '"event" fits more than one exercise', 'npm test 03'],
    [
      ['test', '03', '--answer', 'nobody.ts'],
      'There is no answer "nobody.ts" for 03-produce-event.',
      'a file',
    ],
    [
      ['test', '03', '--answer', 'harness'],
      'There is no answer to 03-produce-event at harness',
      'Check the path',
    ],
    [
      ['test', '03', '05', '--answer', 'package.json'],
      '--answer package.json is one file, but several exercises were asked for.',
      'npm test 03 -- --answer package.json',
    ],
    [['test', '03', '--answr', 'x'], 'There is no option --answr here.', 'Did you mean --answer?'],
    [['test', '03', '-x'], 'There is no option -x here.', 'npm run workbook -- test --help'],
    [['test', '03', '--answer'], '--answer needs a value.', 'npm run workbook -- test --help'],
    [['test', '03', '--answer', '--json'], '--answer needs a value.', 'npm run workbook -- test --help'],
    [['test', '03', '--json=yes'], '--json takes no value.', 'npm run workbook -- test --help'],
    [['test', '03', '--seed', 'x'], '--seed takes a whole number of at least 1, not "x".', '--seed 3'],
    [['test', '03', '--output', 'no/such/x.json'], 'There is no folder', 'give another file to --output'],
    [['test', '03', '--output', 'exercises'], 'exercises is a folder.', 'Give a file to --output.'],
    [['tset', '03'], 'There is no command "tset".', 'Did you mean test?'],
    [['frobnicate'], 'There is no command "frobnicate".', 'npm run workbook -- --help'],
    [['constructor'], 'There is no command "constructor".', 'npm run workbook -- --help'],
    [['play', '03', '--watch', '--json'], '--watch and --json do not go together.', 'Leave one'],
    [['play', '03', 'nosuch'], '03-produce-event has no scene "nosuch".', 'oneOrder'],
    [['hint', '03', '9'], 'There is no hint "9".', '1 (nudge)'],
    [['list', '--path', 'three-hours'], 'There is no path "three-hours".', 'two-hours, practice'],
    [['list', '--state', 'done'], 'There is no state "done".', 'not-written'],
    [['read', '99'], 'There is no exercise "99".', 'npm run list'],
    [['demo', 'same-key', '--html', 'no/such/x.html'], 'There is no folder', 'give another file to --html'],
    [
      ['demo', 'all', '--broker', '127.0.0.1:1'],
      'failover stops a broker, and needs three of its own.',
      '--broker jvm',
    ],
    [['list', '--frob'], 'There is no option --frob here.', 'npm run workbook -- list --help'],
  ])('%j', async (argv, message, next) => {
    expectRefusal(await workbook(argv), message, next)
  })

  test.each<[Record<string, string>, string]>([
    [{ npm_config_answer: 'true' }, 'npm test 03 -- --answer solution'],
    [
      { npm_config_answer: 'true', npm_config_broker: 'true', npm_config_wire: 'true' },
      'npm test 03 -- --answer ANSWER --broker BROKER --wire',
    ],
  ])('flags that npm took: %j', async (env, line) => {
    expectRefusal(await workbook(['test', '03', 'solution'], { env }), 'Nothing was judged.', line)
  })
})

describe.concurrent('a broker that cannot be had', () => {
  test.each<[string, string, string]>([
    ['nonsense', 'There is no broker "nonsense".', '127.0.0.1:9092'],
    ['10.1.2.3:9092', '10.1.2.3 is another machine', '--foreign'],
    ['127.0.0.1:99999', '"127.0.0.1:99999" is not a broker address.', '127.0.0.1:9092'],
  ])('--broker %s', async (broker, message, next) => {
    expectRefusal(await workbook(['test', '03', '--broker', broker]), message, next)
  })

  test('nothing listens', async () => {
    const { port, close } = await listen()
    await close()
    const run = await workbook(['test', '03', '--broker', `127.0.0.1:${port}`])
    expectRefusal(run, `No Kafka broker answers at 127.0.0.1:${port}.`, 'Is the broker running')
  })

  test('something listens and says nothing', async ({ onTestFinished }) => {
    const { port, close } = await listen()
    onTestFinished(close)
    const run = await workbook(['play', '03', '--broker', `127.0.0.1:${port}`])
    expectRefusal(run, `No Kafka broker answers at 127.0.0.1:${port}.`, 'Is the broker running')
  })

  test('something listens and is no Kafka', async ({ onTestFinished }) => {
    const { port, close } = await listen('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    onTestFinished(close)
    const run = await workbook(['test', '03', '--broker', `127.0.0.1:${port}`])
    expectRefusal(run, `No Kafka broker answers at 127.0.0.1:${port}.`, 'Is the broker running')
  })

  test('no container engine', async () => {
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:9' }
    const run = await workbook(['test', '03', '--broker', 'container'], { env })
    expectRefusal(run, 'No container engine answers on this machine.', '--broker embedded')
  })
})

describe.concurrent('a workbook that is not as it should be', () => {
  test('a journal that nobody can read: the list goes on, and says where a copy of it is', async ({
    onTestFinished,
  }) => {
    const kept = path.join(root, '.workbook')
    onTestFinished(() => {
      for (const name of fs.readdirSync(kept)) if (name.startsWith('learner')) remove(path.join(kept, name))
    })
    fs.mkdirSync(kept, { recursive: true })
    fs.writeFileSync(
      path.join(kept, 'learner.jsonl'),
      '{"kind":"judged","exer\nnull\n{"kind":"judged","at":""}\n',
    )
    const run = await workbook(['list', '--json'])
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/could not be read.*learner\.jsonl\.broken-\d+/)
    const verdicts = JSON.parse(run.stdout).map((row: { verdict: unknown }) => row.verdict)
    expect(verdicts).toEqual(listExercises(root).map(() => null))
  })

  test('a passed exercise is passed in the list', async ({ onTestFinished }) => {
    const own = copyWorkbook()
    onTestFinished(() => remove(own))
    const { file, solutionFolder } = findExercise(listExercises(own), '05')
    fs.copyFileSync(path.join(solutionFolder, path.basename(file)), file)
    expect((await runTool(own, ['test', '05'])).code).toBe(0)
    expect((await runTool(own, ['list'])).stdout).toMatch(/ {2}05 .* passed .*\n {2}06 .* new\n/)
  })

  test.each([
    ['does not compile', 'export const broken = (\n', /produce-event\.check\.ts/],
    ['throws', "throw new Error('in the check file')\n", /in the check file/],
    [
      'uses what is not there',
      "check('x', 'A check', async () => { await gone() })\n",
      /gone is not defined.*check\.ts:\d+/s,
    ],
  ])('a check file that %s: could not judge, exit 2', async (_, more, message) => {
    const own = copyWorkbook()
    try {
      fs.appendFileSync(findExercise(listExercises(own), '03').checkFile, more)
      const run = await runTool(own, ['test', '03', '--answer', 'solution', '--broker', 'embedded'])
      expect(run).toMatchObject({ code: 2, stderr: '' })
      expect(run.stdout).toContain('  COULD NOT JUDGE  03 produce-event')
      expect(run.stdout).toMatch(message)
      expect(run.stdout).toContain('This says nothing about your code.')
      expect(run.stdout).not.toContain('node_modules')
    } finally {
      remove(own)
    }
  })

  test('a file that is missing is named, with the way to get it back', async () => {
    const own = copyWorkbook()
    try {
      const { file, hintsFile } = findExercise(listExercises(own), '03')
      for (const one of [file, hintsFile]) fs.rmSync(one)
      for (const [argv, way] of [
        [['test', '03'], 'Bring it back: npm run undo 03, or the stub: npm run reset 03\n'],
        [['hint', '03'], /^Restore it: git checkout -- exercises\S+\n$/m],
      ] as const) {
        const run = await runTool(own, [...argv])
        expect(run).toMatchObject({ code: 2, stdout: '' })
        expect(run.stderr).toMatch(/^exercises\S+ is missing\.\n/)
        expect(run.stderr).toMatch(way)
      }
    } finally {
      remove(own)
    }
  })

  test('a folder .workbook that cannot be made costs only what would be kept', async () => {
    const own = copyWorkbook()
    try {
      fs.writeFileSync(path.join(own, '.workbook'), 'not a folder')
      const run = await runTool(own, ['test', '03', '--broker', 'embedded'])
      expect(run).toMatchObject({ code: 1, processesLeft: [] })
      expect(run.stderr).toMatch(/^Your answer cannot be kept: .*\. The verdict holds all the same\.\n$/)
      expect(run.stdout).toContain('NOT WRITTEN')
    } finally {
      remove(own)
    }
  })
})

/** A private mount can be read-only for an administrator, too. */
const mount = (folder: string, command: string) =>
  spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && ${command}`, folder],
    // What would go into the workbook goes to the temporary folder; this one is removed with the copy.
    { encoding: 'utf8', env: { ...process.env, TMPDIR: path.dirname(folder) } },
  )

test('a workbook on a read-only file system is judged all the same', ({ skip }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wb-'))
  const own = path.join(folder, 'read only')
  fs.renameSync(copyWorkbook(), own)
  try {
    skip(mount(own, 'true').status !== 0, 'no read-only mount can be made here')
    const launcher = path.join(own, 'harness', 'bin', 'workbook.mjs')
    const tool = `'${process.execPath}' '${launcher}'`
    const { status, stdout, stderr } = mount(own, `${tool} test 03 --broker embedded && echo passed`)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Your answer cannot be kept: .*\. The verdict holds all the same\.\n$/)
    expect(stdout).toContain('NOT WRITTEN')
    expect(fs.existsSync(path.join(own, '.workbook'))).toBe(false)
  } finally {
    remove(folder)
  }
})

/** Something that accepts connections, says `greeting` to whatever comes, and nothing else. */
async function listen(greeting = ''): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.on('data', () => greeting && socket.end(greeting))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
