import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../../result.ts'
import { schemaProblems } from '../result-schema.ts'
import { copyWorkbook, type Run, type RunOptions, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

const workbook = (argv: string[], options?: RunOptions) => runTool(root, argv, options)
const judge = (argv: string[], options?: RunOptions) =>
  workbook(['test', ...argv, '--broker', 'embedded'], options)

const ESCAPE = '\u001b['
const NULL_KEY = 'A record without a key may go to any partition'

/** Nothing is said on the side, and nothing stays behind. */
function expectClean(run: Run): void {
  expect(run).toMatchObject({ stderr: '', filesLeft: [], processesLeft: [] })
}

describe.concurrent('npm test', () => {
  test('the stub is not written: exit 1, with the file and the line to edit', async () => {
    const run = await judge(['03'])
    expect(run.code).toBe(1)
    expectClean(run)
    expect(run.stdout).toMatch(/^\n {2}NOT WRITTEN {2}03 produce-event +embedded Kafka · \d+\.\d s\n/)
    const [, file = '', line = ''] = /edit +\w+\(\), (\S+):(\d+)\n/.exec(run.stdout) ?? []
    const text = fs.readFileSync(path.join(root, file), 'utf8').split('\n')
    expect(text[Number(line) - 1]).toContain('TODO')
    expect(run.stdout).toContain('npm run hint 03')
  })

  test('the solution passes: exit 0', async () => {
    const run = await judge(['03', '--answer', 'solution'])
    expectClean(run)
    expect(run.code).toBe(0)
    expect(run.stdout).toContain('  PASSED  03 produce-event (the solution)')
    expect(run.stdout).not.toMatch(/[✗!]|npm run hint/)
  })

  test.each(['null-key', 'solutions/03-produce-event/mistakes/null-key.ts'])(
    'the mistake %s fails under its name: exit 1',
    async (answer) => {
      const run = await judge(['03', '--answer', answer])
      expect(run.code).toBe(1)
      expectClean(run)
      expect(run.stdout).toContain('  FAILED  03 produce-event (mistake null-key)')
      expect(run.stdout).toMatch(/mistake {2}null-key\n {8}A record without a key/)
      expect(run.stdout).toMatch(/Produce .* key null /)
      expect(run.stdout).toMatch(/look at +encode\(\), solutions\/03-.*null-key\.ts:\d+/)
    },
  )

  test('a mistake in a pure answer: what was called, and the file that has it in full', async () => {
    const run = await judge(['05', '--answer', 'negative-partition', '--json'])
    expect(run.code).toBe(1)
    expectClean(run)
    const result = JSON.parse(run.stdout) as Result
    expect(schemaProblems(result)).toEqual([])
    const failed = result.results[0]?.checks.find(({ mistake }) => mistake?.id === 'negative-partition')
    expect(failed?.calls).toEqual([expect.stringMatching(/^partitionForKey\(\), \d+ calls$/)])
    const told = fs.readFileSync(path.join(root, failed?.callFile ?? ''), 'utf8')
    expect(told).toMatch(/^partitionForKey\('.*', 3\) -> -[12]$/m)
  })

  test('a folder laid out like exercises/, from another place', async ({ onTestFinished }) => {
    const folder = path.join(root, 'sub missions', 'ada')
    onTestFinished(() => remove(path.dirname(folder)))
    fs.mkdirSync(path.join(folder, '05-partition-for-key'), { recursive: true })
    fs.copyFileSync(
      path.join(root, 'solutions/05-partition-for-key/partition-for-key.ts'),
      path.join(folder, '05-partition-for-key/partition-for-key.ts'),
    )
    // npm runs scripts in the workbook's folder and says in INIT_CWD where the learner stands.
    const run = await judge(['05', '--answer', 'ada'], { env: { INIT_CWD: path.dirname(folder) } })
    expect(run.stdout).toContain('  PASSED  05 partition-for-key')
    expect(run.code).toBe(0)
    const other = await judge(['03', '--answer', folder])
    expect(other.stderr).toContain(
      `There is no answer to 03-produce-event at ${path.join('sub missions', 'ada')}`,
    )
    expect(other.code).toBe(2)
  })

  test('two exercises, each once, and the worse one decides', async () => {
    const run = await judge(['05', '03', '5', '--answer', 'solutions/'])
    expect(run.stdout.match(/PASSED {2}\d\d/g)).toEqual(['PASSED  05', 'PASSED  03'])
    expect(run.stdout).toMatch(
      /05-partition-for-key {2}passed .*\n {2}03-produce-event +passed .*\n\n {2}2 passed in/,
    )
    expect(run.code).toBe(0)
    expectClean(run)
  })

  test('a pure exercise needs no broker, so none is named or started', async () => {
    const nowhere = { DOCKER_HOST: 'tcp://127.0.0.1:9' }
    const run = await workbook(['test', '05'], { env: nowhere })
    expectClean(run)
    expect(run.stdout).toMatch(/NOT WRITTEN {2}05 partition-for-key +\d+\.\d s\n/)
  })

  test('without an engine the embedded broker is used, and one line says so, but not every time', async () => {
    const again = () => workbook(['test', '03'], { env: { DOCKER_HOST: 'tcp://127.0.0.1:9' } })
    const run = await again()
    expect(run.stderr).toBe(
      'No container engine answers on this machine. Using the embedded Kafka instead.\n',
    )
    expect(run.stdout).toContain('embedded Kafka')
    const second = await again()
    expectClean(second)
    expect(second.stdout).toContain('embedded Kafka')
  })

  test('--wire shows what passed checks sent, too', async () => {
    const run = await judge(['03', '--answer', 'null-key', '--wire'])
    expect(run.stdout.match(/on the wire/g)?.length).toBeGreaterThan(5)
    expect(run.stdout).not.toContain('add -- --wire')
  })
})

describe.concurrent('results as JSON', () => {
  test.each([
    ['passed', 0, ['--answer', 'solution']],
    ['failed', 1, ['--answer', 'null-key']],
    ['not written', 1, []],
  ])('%s: standard output is the result and nothing else', async (verdict, code, argv) => {
    const run = await judge(['03', '--json', ...argv])
    const result = JSON.parse(run.stdout)
    expect(schemaProblems(result)).toEqual([])
    expect(result.results.map((one: { verdict: string }) => one.verdict)).toEqual([verdict])
    expect(run.code).toBe(code)
    expectClean(run)
  })

  test('--output writes the same to a file', async () => {
    const run = await judge(['03', '--answer', 'null-key', '--json', '--output', 'result of ada.json'])
    const file = path.join(root, 'result of ada.json')
    expect(fs.readFileSync(file, 'utf8')).toBe(run.stdout)
    const [failed] = JSON.parse(run.stdout).results[0].checks.filter(
      (check: { verdict: string }) => check.verdict === 'failed',
    )
    expect(failed.mistake).toMatchObject({ id: 'null-key', sentence: expect.stringContaining(NULL_KEY) })
  })
})

describe.concurrent('the other commands', () => {
  test('play runs a scene, shows what it returned, and draws the wire strip', async () => {
    const run = await workbook(['play', '03', '--answer', 'solution', '--broker', 'embedded'])
    expect(run.code).toBe(0)
    expectClean(run)
    expect(run.stdout).toMatch(/oneOrder of 03-produce-event plays/)
    expect(run.stdout).toMatch(/The scene returned \{ topic: .*, partition: 2, offset: '0' \}/)
    expect(run.stdout).toMatch(/on the wire\n +\d+ ms {2}Produce .* key "ORD-1042"/)
  })

  test('play says that the stub is not written, and where', async () => {
    const run = await workbook(['play', '03', '--broker', 'embedded'])
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(
      /not written yet: TODO .*\n {2}at \w+\(\), exercises\S+produce-event\.ts:\d+\n/,
    )
  })

  test('play of a pure exercise has nothing to show: exit 2', async () => {
    const run = await workbook(['play', '05'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('is a pure exercise')
    expect(run.stderr).toContain('npm test 05')
  })

  test('hints, one more at a time, and one that a number asks for', async () => {
    const first = await workbook(['hint', '03'])
    const second = await workbook(['hint', 'produce-event'])
    const last = await workbook(['hint', '03', '3'])
    expect(first.stdout).toMatch(/03 · Nudge\n\n.*\n\n {2}More: npm run hint 03\n/s)
    expect(second.stdout).toMatch(/03 · Pointer\n\n.*\n\n {2}More: npm run hint 03\n/s)
    expect(last.stdout).toMatch(/03 · Near-solution\n\n.*\n\n {2}This is the last hint\.\n/s)
    const lines = first.stdout.split('\n')
    const broken = lines.filter(
      (line, index) => /\w/.test(lines[index + 1] ?? '') && /^ {2}\S.{0,50}$/.test(line),
    )
    expect(broken, 'short lines in the middle of a paragraph').toEqual([])
  })

  test('list, for people and for programs', async () => {
    const [text, json] = await Promise.all([workbook(['list']), workbook(['list', '--json'])])
    const rows = JSON.parse(json.stdout)
    expect(rows).toContainEqual(
      expect.objectContaining({ number: '03', name: '03-produce-event', minutes: expect.any(Number) }),
    )
    for (const { number, title } of rows) expect(text.stdout).toMatch(new RegExp(`${number} {2}${title}`))
  })

  test('help and version', async () => {
    const [help, one, version] = await Promise.all([
      workbook(['--help']),
      workbook(['test', '--help']),
      workbook(['--version']),
    ])
    for (const command of ['npm test', 'npm run play', 'npm run hint', 'npm run list', 'npm run verify'])
      expect(help.stdout).toContain(command)
    for (const option of ['--answer', '--broker', '--seed', '--wire', '--json', '--output'])
      expect(one.stdout).toContain(option)
    const { version: own } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
    expect(version).toMatchObject({ code: 0, stdout: `${own}\n`, stderr: '' })
  })
})

describe.concurrent('the screen', () => {
  test('a pipe gets no colours unless FORCE_COLOR asks for them; NO_COLOR wins', async () => {
    const colours = async (env: Record<string, string>) =>
      (await workbook(['no-such-command'], { env })).stderr.includes(ESCAPE)
    expect(await colours({})).toBe(false)
    expect(await colours({ FORCE_COLOR: '1' })).toBe(true)
    expect(await colours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
    expect(await colours({ FORCE_COLOR: '0' })).toBe(false)
  })

  test('a reader that has seen enough (| head -1) ends the run quietly', async () => {
    const run = await judge(['05', '03'], {
      async during(running) {
        await expect.poll(() => running.stdout, { timeout: 20_000 }).not.toBe('')
        running.closeStdout()
      },
    })
    expectClean(run)
    expect(run.code).toBe(141)
  })
})
