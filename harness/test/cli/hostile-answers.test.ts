import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckResult, ExerciseResult } from '../../result.ts'
import { copyWorkbook, PACKAGES, type Run, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

/** A scene's deadline is 5 s; what is past it has this long to be noticed, named and cleaned up. */
const LONGEST_RUN_MS = 5000 + 7000

interface Judged extends Run {
  result: ExerciseResult
  /** The first check that did not pass. */
  check: CheckResult
}

let answers = 0

/** Judges an answer to exercise 03, given as the text of its file. */
async function judge(text: string): Promise<Judged> {
  answers += 1
  const folder = path.join(root, `answer ${answers}`)
  fs.mkdirSync(folder)
  const file = path.join(folder, 'answer.ts')
  const output = path.join(folder, 'result.json')
  fs.writeFileSync(file, text)
  const run = await runTool(root, [
    'test',
    '03',
    '--broker',
    'embedded',
    '--answer',
    file,
    '--output',
    output,
  ])
  const [result] = JSON.parse(fs.readFileSync(output, 'utf8')).results as [ExerciseResult]
  return { ...run, result, check: result.checks.find(({ verdict }) => verdict !== 'passed') as CheckResult }
}

/** An answer whose produceEvent has this body; its first line is line 3 of the file. */
const withBody = (body: string) =>
  `export const encode = (event: any) => ({ key: event.orderId, value: JSON.stringify(event) })
export async function produceEvent(producer: any, topic: string, event: any): Promise<any> {
${body}
}
`

const SEND = 'await producer.send({ topic, acks: -1, messages: [encode(event)] })'

/** Exit 1, a sentence, a place in the learner's own file, no message of the harness, and nothing left behind. */
function expectFailed({ stdout, result, check, ...run }: Judged, sentence: RegExp, line: number): void {
  expect(stdout).toMatch(/^\n {2}FAILED {2}03 produce-event \(answer \d+\/answer\.ts\)/)
  expect(check.verdict).toBe('failed')
  expect(check.message ?? check.mistake?.sentence ?? '').toMatch(sentence)
  expect(check.at).toMatchObject({ file: expect.stringMatching(/answer\.ts$/), line })
  expect(stdout).toMatch(new RegExp(`look at +(\\w+\\(\\), )?answer \\d+.answer\\.ts:${line}\n`))
  expect(run).toMatchObject({ code: 1, stderr: '', filesLeft: [], processesLeft: [] })
  expect(result.durationMs).toBeLessThan(LONGEST_RUN_MS)
}

describe.concurrent('an answer that', () => {
  test.each<[string, string, RegExp, number]>([
    ['throws', 'return (undefined as any).orderId', /threw TypeError: Cannot read prop.*'orderId'/, 3],
    ['throws what is no error', "await null\nthrow 'no'", /'no' was thrown, which is not an Error/, 2],
    [
      'loops for ever',
      'let n = 0\nwhile (n >= 0) n += 1',
      /loops without end: after 5 s it was still at produceEvent\(\), answer\.ts:4/,
      4,
    ],
    [
      'waits for ever',
      `${SEND}\nawait new Promise(() => {})`,
      /not done after 5 s: it waits .* The last request on the wire was Produce\./,
      2,
    ],
    ['exits', 'process.exit(0)', /ended the whole process \(exit code 0\)/, 3],
    [
      'prints 50 MB',
      "for (let n = 0; n < 50; n++) console.log('x'.repeat(1e6))",
      /printed more than 1 MB; it was stopped/,
      2,
    ],
    [
      'fills the memory with Buffers',
      'const all: Buffer[] = []\nfor (;;) all.push(Buffer.alloc(10e6, 1))',
      /used more than 1024 MB of memory; it was stopped/,
      2,
    ],
    [
      'kills its parent',
      "process.kill(process.ppid, 'SIGKILL')\nawait new Promise(() => {})",
      /ended the process that watches over it/,
      2,
    ],
    [
      'leaves a process and a timer behind',
      `const { spawn } = await import('node:child_process')
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
      setInterval(() => {}, 1000)
      throw new Error('away')`,
      /threw Error: away/,
      6,
    ],
    ['returns a proxy', 'return new Proxy({}, { get() { throw new Error("got") } })', /threw Error: got/, 3],
  ])('%s', async (_, body, sentence, line) => {
    expectFailed(await judge(withBody(body)), sentence, line)
  })

  test.each<[string, string, RegExp, number]>([
    [
      'does not compile',
      'export const encode = 1\nexport function produceEvent() {\n  return (\n}\n',
      /does not compile: Unexpected "}"/,
      4,
    ],
    ['is empty', '', /does not compile: "encode" is not exported/, 1],
    ['exports nothing', 'const encode = 1\n', /does not compile: "encode" is not exported/, 1],
    [
      'exports too little',
      'export const encode = 1\n',
      /does not compile: "produceEvent" is not exported/,
      1,
    ],
    [
      'imports what is not there',
      "\nimport { x } from './gone.ts'\nexport const encode = x, produceEvent = x\n",
      /Could not resolve "\.\/gone\.ts"/,
      2,
    ],
    [
      'throws when it is loaded',
      "export const encode = 1\nexport const produceEvent = 2\nthrow new Error('at once')\n",
      /threw Error: at once/,
      3,
    ],
  ])('%s', async (_, text, sentence, line) => {
    expectFailed(await judge(text), sentence, line)
  })

  test.each([
    ['undefined', 'undefined'],
    ['a function', '() => 1'],
    ['an object with getters that throw', "{ get topic() { throw new Error('got') } }"],
    ['a bigint', '1n'],
  ])('returns %s', async (_, value) => {
    const { stdout, result, code, processesLeft } = await judge(withBody(`${SEND}\nreturn ${value}`))
    expect(result.verdict).toBe('failed')
    expect(stdout).not.toContain('COULD NOT JUDGE')
    expect({ code, processesLeft }).toEqual({ code: 1, processesLeft: [] })
  })
})

test('an array of four billion holes is a wrong value, and walked through by nobody', async () => {
  const file = path.join(root, 'holes.ts')
  fs.writeFileSync(
    file,
    `export const murmur2 = (): any => new Array(2 ** 32 - 1)
    export const partitionForKey = murmur2
    export function spreadKeyless() {}
    export function tableOf() {}`,
  )
  const run = await runTool(root, ['test', '05', '--answer', file])
  expect(run).toMatchObject({ code: 1, stderr: '', filesLeft: [], processesLeft: [] })
  expect(run.stdout).toMatch(/FAILED {2}05 partition-for-key .*actual .*4294967295 empty items/s)
})

describe.concurrent('what an answer prints', () => {
  test('is shown under the check, with its line; the rest is in a file', async () => {
    const { stdout } = await judge(
      withBody(`for (let n = 1; n <= 30; n++) console.log('printed', n)
      console.error('\\u001b[2Jto stderr')
      throw new Error('no\\u001b]52;c;aGk=\\u0007pe')`),
    )
    expect(stdout).toContain(
      'your code printed\n          answer.ts:3  printed 1\n          answer.ts:3  printed 2\n',
    )
    expect(stdout.match(/answer\.ts:3 {2}printed/g)).toHaveLength(20)
    const [, shown = ''] = /\.\.\. all of it: (.*)\n/.exec(stdout) ?? []
    const lines = fs.readFileSync(path.resolve(root, shown), 'utf8').split('\n')
    expect(lines.filter((line) => line.includes('printed'))).toHaveLength(30)
    expect(stdout).toContain('Your code threw Error: nope.')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })
})

test('types are checked where TypeScript is installed, and only when a check fails', async () => {
  const own = copyWorkbook({ packages: [...PACKAGES, 'typescript', '@types/node'] })
  try {
    const file = path.join(own, 'answer.ts')
    fs.writeFileSync(file, "export const encode: number = 'text'\nexport function produceEvent() {}\n")
    const run = await runTool(own, ['test', '03', '--broker', 'embedded', '--answer', file])
    expect(run.stdout).toMatch(/TypeScript says\n {8}answer\.ts:1:14 {2}TS2322: Type 'string'/)
    expect(
      fs.readdirSync(path.join(own, '.workbook', 'build')).filter((name) => name.startsWith('types')),
    ).toEqual([])
  } finally {
    remove(own)
  }
})
