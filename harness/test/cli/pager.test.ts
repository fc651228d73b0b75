import { PassThrough } from 'node:stream'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { pagerCommand, rowsOf, showByKeys, showWith } from '../../cli/pager.ts'

const LINES = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`)

/** A terminal of so many rows; `written` is what it was sent, `raw` whether it is in raw mode. */
function terminal(rows: number, columns = 40) {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) })
  const output = Object.assign(new PassThrough(), { rows, columns })
  let written = ''
  output.setEncoding('utf8').on('data', (text) => {
    written += text
  })
  onTestFinished(() => {
    input.destroy()
    output.destroy()
  })
  return { input, output, modes, written: () => written }
}

describe('the pager that is built in', () => {
  test('shows a screenful for each key, a line for Enter, and says where it is', async () => {
    const at = terminal(4)
    const shown = showByKeys(LINES, at)
    await vi.waitUntil(() => at.written().endsWith('-- 3 of 10 lines: any key goes on, q ends --'))
    expect(at.written()).toMatch(/^line 1\nline 2\nline 3\n--/)
    at.input.write('\r')
    await vi.waitUntil(() => at.written().includes('-- 4 of 10'))
    at.input.write(' ')
    await vi.waitUntil(() => at.written().includes('-- 7 of 10'))
    at.input.write('x')
    expect(await shown).toBe(true)
    const left = at
      .written()
      .split('\r\u001b[K')
      .map((text) => text.replace(/-- \d+ of.*--$/, ''))
    expect(left.join('')).toBe(`${LINES.join('\n')}\n`)
    expect(at.modes).toEqual([true, false])
  })

  test.each([
    ['q', true],
    ['Q', true],
    ['\u001b', true],
    ['\u0004', true],
    ['\u0003', false],
  ])('ends at %j', async (key, isWanted) => {
    const at = terminal(4)
    const shown = showByKeys(LINES, at)
    at.input.write(key)
    expect(await shown).toBe(isWanted)
    expect(at.written()).not.toContain('line 4')
    expect(at.modes).toEqual([true, false])
  })

  test('ends when nobody is there any more', async () => {
    const at = terminal(4)
    const shown = showByKeys(LINES, at)
    at.input.end()
    expect(await shown).toBe(true)
    expect(at.modes).toEqual([true, false])
  })

  test('a line that is wider than the screen takes more rows, one that is higher than it is shown whole', async () => {
    const at = terminal(4, 10)
    const shown = showByKeys(['x'.repeat(25), 'second', 'y'.repeat(90), 'last'], at)
    await vi.waitUntil(() => at.written().includes('-- 1 of 4'))
    at.input.write(' ')
    await vi.waitUntil(() => at.written().includes('-- 2 of 4'))
    at.input.write(' ')
    await vi.waitUntil(() => at.written().includes('-- 3 of 4'))
    at.input.write(' ')
    expect(await shown).toBe(true)
  })
})

test.each([
  ['', 1],
  ['x'.repeat(10), 1],
  ['x'.repeat(11), 2],
  ['\u001b[1mbold\u001b[22m \u001b]8;;https://example.org/a/b\u001b\\link\u001b]8;;\u001b\\', 1],
])('%j takes %i rows of ten columns', (line, rows) => {
  expect(rowsOf(line, 10)).toBe(rows)
})

test.each([
  [undefined, null],
  ['', 'none'],
  [' ', 'none'],
  ['cat', 'none'],
  ['less', ['less']],
  ['less -R --quit-if-one-screen', ['less', '-R', '--quit-if-one-screen']],
  ['"C:\\Program Files\\Git\\less.exe" -R', ['C:\\Program Files\\Git\\less.exe', '-R']],
  ["'my pager' a", ['my pager', 'a']],
  ['less; rm -rf $HOME | $(x) `y` > z', ['less;', 'rm', '-rf', '$HOME', '|', '$(x)', '`y`', '>', 'z']],
])('PAGER=%s', (PAGER, command) => {
  expect(pagerCommand(PAGER === undefined ? {} : { PAGER })).toEqual(command)
})

test('a program that reads all, or nothing, has shown it; one that is not there has not', async () => {
  const script = (text: string) => [process.execPath, '-e', text]
  expect(await showWith(script('process.stdin.resume()'), LINES)).toBe(true)
  expect(await showWith(script('process.stdin.destroy()'), Array(50_000).fill('line'))).toBe(true)
  expect(await showWith(['no-such-pager-anywhere', '-R'], LINES)).toBe(false)
})
