import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { beginWith } from '../../progress/stubs.ts'
import { copyWorkbook, PACKAGES, remove } from '../cli/run-tool.ts'
import { hasTmux, openTestTerminal, type TestTerminal } from './test-terminal.ts'

const NAME = '03-produce-event'
const START = 'node harness/bin/workbook.mjs start 03 --broker embedded'

describe.skipIf(!hasTmux())('npm start in a real terminal', { timeout: 120_000 }, () => {
  let root: string
  let file: string
  let [stub, solution, loop] = ['', '', '']
  let terminal: TestTerminal

  beforeAll(() => {
    root = copyWorkbook({ packages: [...PACKAGES, 'typescript', '@types/node'] })
    file = path.join(root, 'exercises', NAME, 'produce-event.ts')
    stub = readFileSync(file, 'utf8')
    solution = readFileSync(path.join(root, 'solutions', NAME, 'produce-event.ts'), 'utf8')
    loop = solution.replace(/^export async function produceEvent.*\{$/m, '$&\n  while (true) {}')
    expect(loop).not.toBe(solution)
    // No deadline ends it: whatever works during this loop works at once.
    const checks = path.join(root, 'exercises', NAME, 'produce-event.check.ts')
    const text = readFileSync(checks, 'utf8')
    writeFileSync(checks, text.replace('(import.meta.url)', '(import.meta.url, { deadlineMs: 600_000 })'))
    expect(readFileSync(checks, 'utf8')).not.toBe(text)
  })
  afterAll(() => remove(root))
  beforeEach(async () => {
    writeFileSync(file, stub)
    terminal = await openTestTerminal(root)
  })
  afterEach(() => terminal.close())

  test('judges on save, also while an answer loops for ever; keys, a small window, Ctrl+Z and fg', async () => {
    terminal.run(START)
    await terminal.shows(/^NOT WRITTEN [0-9a-f]{6}/m)
    writeFileSync(file, loop)
    await terminal.shows(/^Checking [0-9a-f]{6}/m)
    writeFileSync(file, solution)
    await terminal.shows(/^PASSED/m)
    await terminal.shows('1 of 24 passed')

    terminal.press('h')
    await terminal.shows('Nudge')
    terminal.press('h')
    await terminal.shows('one more, 1 left')
    terminal.press('x')
    await terminal.shows('Put the stub in place of your file?')
    terminal.press('n')
    await terminal.shows('Nothing was done.')
    terminal.press('x', 'y')
    await terminal.shows('This is the untouched exercise.')
    terminal.press('u')
    await terminal.shows('Your file is as it was')
    terminal.press('l', '/', 'l', 'a', 'g')
    await terminal.shows('"lag": 1 found')
    terminal.press('Escape')
    await terminal.shows('all exercises')
    terminal.press('Escape')
    await terminal.shows(/^\? help/m)
    terminal.press('i')
    await terminal.shows('The page of 03')
    terminal.press('Escape')
    await terminal.shows(/^ {2}PASSED/m)
    terminal.press('d')
    await terminal.shows('What differs in 03')
    terminal.press('Escape')
    await terminal.shows(/^ {2}PASSED/m)

    terminal.resize(60, 15)
    const small = await terminal.shows(/below: arrows\)/)
    expect(small.split('\n')[0]).toBe('03 produce-event  One record, done properly')
    expect(small).toMatch(/\n\? help {2}q quit/)
    terminal.resize(100, 30)
    await terminal.shows(/1 of 24 passed$/m)

    terminal.press('C-z')
    await terminal.shows('Stopped')
    terminal.run('echo "it is $((40 + 2))"')
    await terminal.shows(/^it is 42$/m)
    terminal.run('fg')
    await terminal.shows(/1 of 24 passed$/m)

    writeFileSync(file, loop)
    await terminal.shows(/^Checking/m)
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
    await terminal.nothingLeft()
  })

  test('Ctrl+C ends an endless loop, and gives the terminal back as it was', async () => {
    writeFileSync(file, loop)
    terminal.run('before=$(stty -g)')
    terminal.run(START)
    await terminal.shows(/^Checking [0-9a-f]{6}/m)
    terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(130)
    terminal.run('[ "$(stty -g)" = "$before" ] && echo "as it was"')
    await terminal.shows(/^as it was$/m)
    await terminal.nothingLeft()
  })

  test('SIGTERM leaves no process, and the terminal as it was', async () => {
    writeFileSync(file, loop)
    terminal.run('before=$(stty -g)')
    const pidFile = path.join(root, 'pid')
    terminal.run(`sh -c 'echo $$ > pid; exec ${START}'`)
    await terminal.shows(/^Checking [0-9a-f]{6}/m)
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM')
    expect(await terminal.exitCode()).toBe(143)
    terminal.run('[ "$(stty -g)" = "$before" ] && echo "as it was"')
    await terminal.shows(/^as it was$/m)
    await terminal.nothingLeft()
  })

  test('a terminal that is closed leaves no process', async () => {
    writeFileSync(file, loop)
    terminal.run(START)
    await terminal.shows(/^Checking [0-9a-f]{6}/m)
    terminal.hangUp()
    await terminal.nothingLeft()
  })

  test('a broker that dies is noticed, and judged on again when it is back', async () => {
    writeFileSync(file, solution)
    const port = await freePort()
    const broker = await startEmbedded({ ports: [port] })
    terminal.run(`node harness/bin/workbook.mjs start 03 --broker ${broker.bootstrap}`)
    await terminal.shows(/^PASSED/m)
    await broker.close()
    terminal.press('r')
    await terminal.shows('The broker does not answer any more. Starting it again...')
    const again = await startEmbedded({ ports: [port] })
    await terminal.shows(/^PASSED/m)
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
    await again.close()
  })

  test('what TypeScript says comes after the verdict, with line and column; a newer stub is told', async () => {
    writeFileSync(file, `${solution}const wrong: number = 'text'\n`)
    beginWith(root, NAME, '// the stub of an older workbook\n')
    terminal.resize(100, 24)
    terminal.run(START)
    await terminal.shows(/^PASSED/m)
    const line = solution.split('\n').length
    await terminal.shows(/^PASSED \w+\. TypeScript found 1 error, see below/m)
    terminal.press('End')
    await terminal.shows(new RegExp(`TypeScript says\\s+exercises\\S+:${line}:7 +TS2322`))
    await terminal.shows(
      'The stub has changed since you began; your file has not: npm run diff 03 -- --upgrade',
    )
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
  })

  test('a path is taken, said, and remembered; n goes along it', async () => {
    terminal.run('node harness/bin/workbook.mjs start 01 --path two-hours --broker embedded')
    const screen = await terminal.shows(/^(FAILED|NOT WRITTEN) [0-9a-f]{6}/m)
    expect(screen.split('\n')[1]).toMatch(/place-order\.ts +path: two hours$/)
    terminal.press('n')
    await terminal.shows(/^03 produce-event/m)
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
    terminal.run('node harness/bin/workbook.mjs list two hours')
    await terminal.shows(/in hand: \S+ on the path "two hours"$/m)
  })

  test('without a terminal it does not begin', async () => {
    terminal.run(`${START} < /dev/null`)
    await terminal.shows('needs a terminal')
    expect(await terminal.exitCode()).toBe(2)
    terminal.run(`${START} | cat; (exit \${PIPESTATUS[0]})`)
    await terminal.shows('needs a terminal')
    expect(await terminal.exitCode()).toBe(2)
  })

  test('--plain says the same in words, from top to bottom', async () => {
    terminal.run(`${START} --plain`)
    await terminal.shows(/^NOT WRITTEN [0-9a-f]{6}/m)
    writeFileSync(file, solution)
    const screen = await terminal.shows(/^PASSED [0-9a-f]{6}/m)
    expect(screen).toMatch(/passed {2}A record is sent when/)
    expect(screen).not.toContain('✓')
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
  })
})
