import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExercise, listExercises } from '../../exercise/find.ts'
import { copyWorkbook, type RunOptions, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

const workbook = (argv: string[], options?: RunOptions) => runTool(root, argv, options)

/** Each test runs the tool a few times. */
const PATIENCE = { timeout: 90_000 }

/** Line ends, printable characters, the dot that parts two things and the one for what is left out: nothing that a screen reader stumbles over. */
const SPOKEN = /^[\n -~·…]*$/

/** That these come one after the other in what a screen reader says, from top to bottom. */
function expectInOrder(text: string, parts: readonly (string | RegExp)[]): void {
  let rest = text
  for (const part of parts) {
    const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part)
    expect(at, `${part} in:\n${rest}`).toBeGreaterThanOrEqual(0)
    rest = rest.slice(at + 1)
  }
}

/** Each learner goes their own way through one copy of the book, so one test at a time. */
describe('from top to bottom, in words', PATIENCE, () => {
  test('npm test: what, how it ended, why, where, and what is next', async () => {
    const { file, solutionFolder } = findExercise(listExercises(root), '03')
    fs.copyFileSync(path.join(solutionFolder, 'mistakes', 'null-key.ts'), file)
    const run = await workbook(['test', '03', '--broker', 'embedded'])
    expect(run).toMatchObject({ code: 1, stderr: '' })
    expect(run.stdout).toMatch(SPOKEN)
    expectInOrder(run.stdout, [
      'FAILED  03 produce-event',
      /passed {2}A record is sent/,
      /FAILED {2}Events of one order/,
      'mistake  null-key',
      'A record without a key may go to any partition',
      'on the wire',
      '> ',
      'look at',
      'npm run hint 03',
    ])
  })

  test('npm run hint: the mistake that the verdict named comes first, then the tiers', async () => {
    const [first, second] = [await workbook(['hint', '03']), await workbook(['hint', '03'])]
    expect(first.stdout).toMatch(SPOKEN)
    expectInOrder(first.stdout, [
      '03 · about the mistake null-key',
      'Look at the record',
      'More: npm run hint 03',
    ])
    expectInOrder(second.stdout, ['03 · Nudge', 'More: npm run hint 03'])
    const json = JSON.parse((await workbook(['hint', '03', '--json'])).stdout)
    expect(json).toMatchObject({ exercise: '03-produce-event', hint: 'Pointer', isMistake: false })
  })

  test('npm run list: how far each is, then the whole', async () => {
    const run = await workbook(['list'])
    expect(run.stdout).toMatch(SPOKEN)
    expectInOrder(run.stdout, [
      /^ {2}01 {2}From calls to events +fix this +20 min +new +two hours, one day$/m,
      /^ {2}03 {2}.* failed +two hours/m,
      'paths through the book',
      '0 of 24 passed, in hand: 01-place-order',
      'npm run read shows its page',
    ])
    const listed = await workbook(['list', 'day-30'])
    expect(listed.stdout).toContain('  to take this path:  npm start -- --path day-30\n')
    const found = await workbook(['list', '--json', 'rebalance', '--state', 'open'])
    const names = JSON.parse(found.stdout).map(({ name }: { name: string }) => name)
    expect(names).toContain('13-show-rebalance')
    expect(names).not.toContain('01-place-order')
    const path = await workbook(['list', '--path', 'day-30', '--json'])
    expect(JSON.parse(path.stdout).map(({ number }: { number: string }) => number)).toEqual(
      '05 09 10 13 16 23'.split(' '),
    )
  })

  test('npm run read: the page as it is written, without a pager, wherever the files lie', async () => {
    const run = await workbook(['read'], { env: { PAGER: 'no-such-pager' } })
    expect(run.stderr).toContain('01-place-order: it is the first that you have not passed')
    expectInOrder(run.stdout, [
      /^# 01 · From calls to events\n\nObjective: .*\n(.*\n)?Kind: fix this\n/m,
      '## Why',
      '- A broker is a server',
      '## Your task',
      '## Sources',
      `Quiz: Events and calls (${path.join('quizzes', 'events.md')})`,
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    const json = JSON.parse((await workbook(['read', '05', '--json'])).stdout)
    expect(json).toMatchObject({
      number: '05',
      kind: 'pure',
      file: 'exercises/05-partition-for-key/README.md',
    })
  })

  test('npm run play: what it returned, then the wire', async () => {
    const argv = ['play', '03', '--broker', 'embedded', '--answer', 'solution']
    const run = await workbook(argv)
    expect(run.stdout).toMatch(SPOKEN)
    expectInOrder(run.stdout, [
      'oneOrder of 03-produce-event plays',
      'The scene returned',
      'on the wire',
      'Produce',
    ])
    const json = await workbook([...argv, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      exercise: '03-produce-event',
      scene: 'oneOrder',
      answer: { kind: 'solution' },
      returned: { partition: 2, offset: '0' },
      wire: expect.arrayContaining([expect.objectContaining({ api: 'Produce' })]),
    })
  })
})

test('play --json of what is not written says so, and where', PATIENCE, async () => {
  const run = await workbook(['play', '08', '--broker', 'embedded', '--json'])
  expect(run).toMatchObject({ code: 1, stderr: '' })
  const { error } = JSON.parse(run.stdout)
  expect(error).toMatchObject({ notWritten: true, message: expect.stringMatching(/^TODO/) })
  expect(error.at.file).toMatch(/consume-events\.ts$/)
})

test('npm run progress, in words', PATIENCE, async () => {
  const run = await workbook(['progress', '--plain'])
  expect(run.stdout).toMatch(SPOKEN)
  expectInOrder(run.stdout, [/passed +0 of 24\n/, 'attempts', 'time', 'mistakes', 'quiz'])
})

test('npm test without a number judges the exercise in hand, and says why', PATIENCE, async () => {
  const run = await workbook(['test', '--broker', 'embedded', '--json'])
  expect(run.stderr).toBe(
    'No exercise was named, so this is about 01-place-order: it is the first that you have not passed.\n',
  )
  expect(JSON.parse(run.stdout).results).toMatchObject([{ exercise: '01-place-order' }])
})

test(
  'play --watch plays again at every save, also of what cannot be played, until it is interrupted',
  PATIENCE,
  async () => {
    const { file } = findExercise(listExercises(root), '03')
    const [right, stub] = [
      path.join(root, 'solutions/03-produce-event/produce-event.ts'),
      fs.readFileSync(file),
    ]
    const run = await workbook(['play', '03', '--watch', '--broker', 'embedded'], {
      async during(running) {
        const plays = (count: number) =>
          expect
            .poll(() => running.stdout.split('It plays again when you save').length - 1, { timeout: 30_000 })
            .toBeGreaterThanOrEqual(count)
        await plays(1)
        fs.writeFileSync(file, 'export const broken = (\n')
        await plays(2)
        // As editors do that write another file and give it the old name.
        fs.copyFileSync(right, `${file}.new`)
        fs.renameSync(`${file}.new`, file)
        await plays(3)
        running.kill('SIGINT')
      },
    })
    fs.writeFileSync(file, stub)
    expect(run).toMatchObject({ code: 130, processesLeft: [], filesLeft: [] })
    expect(run.stdout.match(/The scene returned/g)?.length).toBeGreaterThanOrEqual(2)
    expect(run.stdout + run.stderr).toMatch(/produce-event\.ts:\d+/)
  },
)
