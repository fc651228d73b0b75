import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { copyWorkbook, remove } from '../cli/run-tool.ts'
import { hasTmux, openTestTerminal, type TestTerminal } from './test-terminal.ts'

const QUIZ = 'node harness/bin/workbook.mjs quiz keys --seed 1'

describe.skipIf(!hasTmux())('npm run quiz in a real terminal', { timeout: 120_000 }, () => {
  let root: string
  let terminal: TestTerminal
  beforeAll(() => {
    root = copyWorkbook()
  })
  afterAll(() => remove(root))
  beforeEach(async () => {
    terminal = await openTestTerminal(root)
  })
  afterEach(() => terminal.close())

  test('arrows choose; Ctrl+C says how to go on', async () => {
    terminal.run(QUIZ)
    const before = await terminal.shows('❯')
    terminal.press('Down')
    await expect.poll(() => marked(terminal.screen())).not.toBe(marked(before))
    terminal.press('C-c')
    await terminal.shows('npm run quiz -- --resume')
    expect(await terminal.exitCode()).toBe(130)
    await terminal.nothingLeft()
  })

  test('a closed input is never a passed quiz', async () => {
    terminal.run(`${QUIZ} < /dev/null`)
    await terminal.shows('A quiz needs a terminal')
    expect(await terminal.exitCode()).toBe(2)
  })
})

/** The line that the cursor is on. */
function marked(screen: string): string | undefined {
  return screen.split('\n').find((line) => line.includes('❯'))
}
