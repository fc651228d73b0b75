import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { copyWorkbook, remove } from '../cli/run-tool.ts'
import { hasTmux, openTestTerminal, type TestTerminal } from './test-terminal.ts'

const READ = 'node harness/bin/workbook.mjs read 03'
/** A pager that tells how much it got, and stays until Ctrl+C. */
const PAGER = `
let text = ''
process.stdin.on('data', (part) => { text += part })
process.stdin.on('end', () => console.log('lines: ' + text.split('\\n').length))
process.on('SIGINT', () => { console.log('the pager was interrupted'); process.exit() })
setInterval(() => {}, 1000)
`

describe.skipIf(!hasTmux())('npm run read in a real terminal', { timeout: 120_000 }, () => {
  let root: string
  let terminal: TestTerminal
  beforeAll(() => {
    root = copyWorkbook()
    fs.writeFileSync(path.join(root, 'my pager.mjs'), PAGER)
  })
  afterAll(() => remove(root))
  beforeEach(async () => {
    terminal = await openTestTerminal(root)
  })
  afterEach(() => terminal.close())

  test('a screenful for each key, as large as the screen is by then; q ends it', async () => {
    terminal.run(READ)
    const first = await terminal.shows(/-- 2\d of \d+ lines: any key goes on, q ends --/)
    expect(first).toContain('Objective: turn an event')
    terminal.resize(80, 12)
    terminal.press('Space')
    await terminal.shows(/-- 3\d of \d+ lines/)
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
    await terminal.nothingLeft()
  })

  test('Ctrl+C leaves the terminal as it was', async () => {
    terminal.run(READ)
    await terminal.shows('any key goes on')
    terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(130)
    terminal.run('stty -a')
    await terminal.shows(/[^-]icanon.*[^-]echo /s)
  })

  test('PAGER gets the page, and Ctrl+C is for it', async () => {
    terminal.run(`PAGER='node "my pager.mjs"' ${READ}`)
    await terminal.shows(/lines: \d\d\d/)
    terminal.press('C-c')
    await terminal.shows('the pager was interrupted')
    expect(await terminal.exitCode()).toBe(0)
    await terminal.nothingLeft()
  })

  test('a pager that is not there is none', async () => {
    terminal.run(`PAGER='no-such-pager; touch hacked' ${READ}`)
    await terminal.shows('any key goes on')
    terminal.press('q')
    expect(await terminal.exitCode()).toBe(0)
    expect(fs.existsSync(path.join(root, 'hacked'))).toBe(false)
  })
})
