import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseMarkdown } from '../../markdown/parse.ts'
import { renderBlocks } from '../../markdown/terminal.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LIMIT = 256 * 1024
const LOOK = { colour: false, width: 80, ticks: true }

const folder = mkdtempSync(path.join(os.tmpdir(), 'hostile-'))
const program = path.join(folder, 'read.mjs')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  // Reads a file in a process of its own, and says how many milliseconds of processor time that took.
  const contents = `
    import { readFileSync } from 'node:fs'
    import { parseMarkdown } from './harness/markdown/parse.ts'
    import { renderBlocks } from './harness/markdown/terminal.ts'
    const source = readFileSync(process.argv[2], 'utf8')
    const before = process.cpuUsage()
    renderBlocks(parseMarkdown(source).blocks, { colour: false, width: 80, ticks: true })
    const { user, system } = process.cpuUsage(before)
    console.log((user + system) / 1000)`
  const stdin = { contents, resolveDir: ROOT, loader: 'ts' as const }
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' })
})

/** Milliseconds of processor time, so that what else runs on the machine does not count. */
async function timeOf(source: string): Promise<number> {
  const file = path.join(folder, 'source.md')
  writeFileSync(file, source)
  const { stdout } = await promisify(execFile)(process.execPath, [program, file])
  return Number(stdout)
}

/** The same text on every machine. */
function junk(length: number, alphabet: string): string {
  let state = 12_345
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return alphabet[(state >>> 8) % alphabet.length]
  }).join('')
}

describe('a file that is too much is refused with its line', () => {
  test.each([
    ['1 MB of junk', junk(1024 * 1024, 'ab \n>*-_`[]()<>!#|~\\&1.:'), '1 too-large'],
    ['3,000 nested quotes', `a\n\n${'>'.repeat(3_000)} b`, '3 too-long'],
    ['1,900 nested quotes', `a\n\n${'>'.repeat(1_900)}b`, '3 too-deep'],
    [
      '400 nested lists',
      `a\n\n${Array.from({ length: 400 }, (_, depth) => `${'  '.repeat(depth)}- b`).join('\n')}`,
      '11 too-deep',
    ],
    ['400 nested lists on one line', `a\n\n${'- '.repeat(400)}b`, '3 too-deep'],
    ['400 numbered lists on one line', `a\n\n${'1. '.repeat(400)}b`, '3 too-deep'],
    ['quotes and lists in turn', `a\n\n${'> - '.repeat(300)}b`, '3 too-deep'],
    ['a line of 200,000 characters', `a\n\n${'a.'.repeat(100_000)}@`, '3 too-long'],
    ['a line of 2,001 characters', `a\n\n${'b'.repeat(2_001)}`, '3 too-long'],
  ])('%s', async (_, source, place) => {
    const { blocks, problems } = parseMarkdown(source)
    expect(blocks).toEqual([])
    expect(problems.map(({ line, rule }) => `${line} ${rule}`)).toEqual([place])
    expect(await timeOf(source)).toBeLessThan(1_000)
  })

  test.each([
    ['eight quotes', '> '.repeat(8)],
    ['eight lists', '- '.repeat(8)],
    ['a line across', '- - - - - - - - - - - - - - - -\n\n'],
  ])('%s are not too deep', (_, start) => {
    expect(parseMarkdown(`${start}a`).problems.map(({ rule }) => rule)).not.toContain('too-deep')
  })

  test('many lists beside one another are not nested', () => {
    const source = Array.from({ length: 40 }, (_, at) => `- a\n  - b\n    1. c\n\nd${at}\n`).join('\n')
    expect(parseMarkdown(source).problems).toEqual([])
  })
})

describe('a file of the largest size is read in less than two seconds of a busy machine', () => {
  const filled = (unit: string) => unit.repeat(Math.floor(LIMIT / unit.length))

  test.each([
    ['junk', junk(LIMIT, 'ab \n>*-_`[]()<>!#|~\\&1.:\n\n')],
    ['words', filled('some words, and a `code` with **marks**\n')],
    ['unclosed fences', filled('```ts\na\n\n````\n')],
    ['one fence that never ends', `\`\`\`\n${filled('a\n').slice(4)}`],
    ['items', filled('- [ ] an item of a list\n')],
    [
      'lists eight deep',
      filled(`${Array.from({ length: 8 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')}\n\nb\n\n`),
    ],
    ['brackets', filled(`${'['.repeat(1_000)}\n`)],
    ['stars', filled(`${'*a'.repeat(500)}\n\n`)],
    ['rows', `| a |\n| - |\n${filled('| a |\n').slice(12)}`],
    ['empty lines', filled('\n')],
    ['zeros', filled('\0')],
  ])('%s', async (_, source) => {
    expect(source.length).toBeGreaterThan(LIMIT - 2_000)
    expect(await timeOf(source)).toBeLessThan(2_000)
  })
})

describe('nothing in a file can steer the terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/

  test.each([
    ['as it is', '\u001B[31mred\u001B[0m \u009B2J \u001B]0;title\u0007 \u0008\u007F'],
    ['as an entity', '&#27;[31mred &#x1b;[2J &#x1B;]0;t&#7; &#155;2J &#0;'],
    ['in code', '`\u001B[31m`\n\n```\u001Bts\n\u001B[2J\n```'],
    ['in a link', '[a\u001B[31m](https://a.org/\u001B[2J "t\u001B") <https://a.org/&#27;b>'],
    ['in a table', '| \u001B[31m |\n| - |\n| &#27;[2J |'],
    ['in a picture, which is quoted in the problem', '![\u001B[31m](b) &#27;'],
    ['in HTML, which is quoted in the problem', 'a <b \u001B[31m>'],
  ])('%s', (_, source) => {
    const { blocks, problems } = parseMarkdown(source)
    expect(renderBlocks(blocks, LOOK).join('\n')).not.toMatch(control)
    for (const { message } of problems) expect(message).not.toMatch(control)
  })

  test('whatever it is', () => {
    const part = fc.constantFrom(
      '\u001B[2J',
      '&#27;',
      '&#x9b;',
      '`',
      '*',
      '[a](',
      ')',
      '<',
      '>',
      '\n',
      '- ',
      '| ',
      'a',
      '\\',
      '&',
      ';',
      '#',
      '27',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const { blocks } = parseMarkdown(parts.join(''))
        expect(renderBlocks(blocks, LOOK).join('\n')).not.toMatch(control)
      }),
      { numRuns: 500 },
    )
  })
})

test('whatever is read gives blocks in their order and problems inside the file', () => {
  const line = fc.constantFrom(
    '# a',
    '- [x] a',
    '  > b',
    '> c',
    '```',
    '~~~ts',
    '| a | b |',
    '| - | - |',
    '<details>',
    '</details>',
    '<!-- q',
    '-->',
    '',
    '   ',
    '1. d',
    '\t- e',
    '[f]: g',
    '***',
    '    h',
    'i <b> ![j](k)',
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const { blocks, problems } = parseMarkdown(lines.join('\n'))
      const starts = blocks.map((block) => block.line)
      expect(starts).toEqual([...starts].sort((a, b) => a - b))
      for (const at of [...starts, ...problems.map((one) => one.line)]) {
        expect(at).toBeGreaterThanOrEqual(1)
        expect(at).toBeLessThanOrEqual(Math.max(1, lines.length))
      }
      // Every block begins on a line that is not blank.
      expect(starts.filter((at) => (lines[at - 1] ?? '').trim() === '')).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})
