import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, Inline } from '../../markdown/content.ts'
import { parseMarkdown } from '../../markdown/parse.ts'
import { type PageLook, renderBlocks, renderInlines } from '../../markdown/terminal.ts'

const PLAIN = { colour: false, width: 40, ticks: true }
const COLOURED = { ...PLAIN, colour: true }

function rendered(source: string, look: PageLook = PLAIN): string {
  return renderBlocks(parseMarkdown(source).blocks, look).join('\n')
}

describe('blocks without colours', () => {
  test.each([
    ['a heading and a paragraph', '## Title\ntext', '## Title\n\ntext'],
    ['a long heading', `# ${'word '.repeat(9)}`, '# word word word word word word word\n  word word'],
    ['a line that ends with two blanks', 'one  \ntwo\\\nthree', 'one\ntwo\nthree'],
    ['such a line in an item', '- one  \n  two', '- one\n  two'],
    ['tasks', '- [x] one\n- [ ] two', '- [x] one\n- [ ] two'],
    [
      'a paragraph, broken at blanks',
      'one two three four five six seven eight nine',
      'one two three four five six seven eight\nnine',
    ],
    ['a line end in a paragraph is a blank', 'one\ntwo', 'one two'],
    ['a word that is too long', `a ${'b'.repeat(45)} c`, `a\n${'b'.repeat(45)}\nc`],
    ['marks and code', '**a** *b* `c d`, e', 'a b `c d`, e'],
    ['a link', '[words](https://e.org/a)', 'words (https://e.org/a)'],
    ['a link that says its address', '<https://e.org/a>', 'https://e.org/a'],
    ['a comment, which is not shown', 'a <!-- b -->c\n\n<!-- d -->\n\ne', 'a c\n\ne'],
    ['a fold, which is not shown', '<details>\n<summary>Answer</summary>\n\na\n\n</details>', 'a'],
    ['code as it is', '```ts\nif (a) {\n\n  b()\n}\n```', '    if (a) {\n    \n      b()\n    }'],
    ['a quote', '> one\n>\n> two', '| one\n\n| two'],
    ['a list', '- one\n- two\n\n3. three\n4. four', '- one\n- two\n\n1. three\n2. four'],
    ['a list in a list', '- one\n  1. two\n\n     three', '- one\n\n  1. two\n\n     three'],
    ['a long item, set in', `- ${'word '.repeat(9)}`, '- word word word word word word word\n  word word'],
    ['a table', '| a | long |\n| - | - |\n| `b` | c |\n| d |', 'a    long\n---  ----\n`b`  c\nd'],
    [
      'a table that is too wide, as a list',
      '| Setting | Meaning |\n| - | - |\n| `linger.ms` | how long a producer waits to fill a batch |\n| `acks` | who has it |',
      '- Setting: `linger.ms`\nMeaning: how long a producer waits to\nfill a batch\n- Setting: `acks`\nMeaning: who has it',
    ],
    ['nothing', '', ''],
  ])('%s', (_, source, lines) => {
    expect(rendered(source)).toBe(lines)
  })
})

describe('colours', () => {
  test('are there when they are wanted', () => {
    const [strong, code, emphasis] = ['1m', '36m', '3m'].map((start) => `\u001B[${start}`)
    expect(rendered('**a** `b` *c*', COLOURED)).toBe(
      `${strong}a\u001B[22m ${code}b\u001B[39m ${emphasis}c\u001B[23m`,
    )
  })

  test('end with each line', () => {
    const lines = rendered(`**${'word '.repeat(20)}end**`, COLOURED).split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      expect(line.lastIndexOf('\u001B[22m')).toBeGreaterThan(line.lastIndexOf('\u001B[1m'))
    }
  })

  test('do not count for the width of a table', () => {
    const lines = rendered('| `a` | b |\n| - | - |\n| **ccc** | d |', COLOURED).split('\n')
    expect(lines.map((line) => stripVTControlCharacters(line).search(/[bd]/))).toEqual([5, -1, 5])
  })
})

describe('links', () => {
  const page = { ...COLOURED, links: true, colour: false }
  const to = (target: string, text: string) => `\u001B]8;;${target}\u001B\\${text}\u001B]8;;\u001B\\`

  test('are words that a terminal opens, one by one', () => {
    expect(rendered('[two words](https://e.org/a), <https://e.org/b>', page)).toBe(
      `${to('https://e.org/a', 'two')}${to('https://e.org/a', ' ')}${to('https://e.org/a', 'words')}, ${to('https://e.org/b', 'https://e.org/b')}`,
    )
  })

  test('do not count for the width', () => {
    expect(rendered('a [b](https://e.org/a) c', { ...page, width: 5 }).split('\n')).toHaveLength(1)
  })

  test('of files are shown, and opened, as the page has it', () => {
    const destination = (address: string) => ({ shown: `docs/${address}`, target: `file:///w/${address}` })
    expect(rendered('[a](b.md)', { ...PLAIN, destination })).toBe('a (docs/b.md)')
    expect(rendered('[a](b.md)', { ...page, destination })).toBe(to('file:///w/b.md', 'a'))
  })

  test('have no control characters in their addresses', () => {
    const inline: Inline = {
      kind: 'link',
      of: [{ kind: 'text', text: 'a' }],
      address: 'https://e\u0007\u001B\\\u001B[2J',
    }
    expect(renderInlines([inline], page)).toEqual([to('https://e', 'a')])
  })
})

test('a picture is its words and its path, where pictures are allowed', () => {
  const source = 'a ![two boxes](b.png) c'
  const { blocks, problems } = parseMarkdown(source, { pictures: true })
  expect(problems).toEqual([])
  expect(renderBlocks(blocks, PLAIN)).toEqual(['a picture: two boxes (b.png) c'])
  expect(parseMarkdown(source).problems).toHaveLength(1)
})

const word = fc.stringMatching(/^[a-z]{1,12}$/)
const text = fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(' '))
const inline: fc.Arbitrary<Inline> = fc.oneof(
  text.map((said): Inline => ({ kind: 'text', text: said })),
  word.map((said): Inline => ({ kind: 'code', text: said })),
  text.map((said): Inline => ({ kind: 'strong', of: [{ kind: 'text', text: said }] })),
  word.map(
    (said): Inline => ({ kind: 'link', of: [{ kind: 'text', text: said }], address: `https://${said}` }),
  ),
)
/** Apart by blanks, so that no word grows longer than the narrowest line. */
const inlines = fc
  .array(inline, { minLength: 1, maxLength: 4 })
  .map((all) => all.flatMap((one, at): Inline[] => (at === 0 ? [one] : [{ kind: 'text', text: ' ' }, one])))
const { block } = fc.letrec<{ block: Block; blocks: Block[] }>((tie) => ({
  blocks: fc.array(tie('block'), { minLength: 1, maxLength: 2 }),
  block: fc.oneof(
    { maxDepth: 2 },
    inlines.map((of): Block => ({ line: 1, kind: 'paragraph', of })),
    fc
      .array(fc.array(inlines, { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 3 })
      .map((rows): Block => {
        const [head = [], ...body] = rows.map((row) => row.map((of) => ({ of })))
        return { line: 1, kind: 'table', head, rows: body }
      }),
    tie('blocks').map((of): Block => ({ line: 1, kind: 'quote', of })),
    fc.tuple(fc.boolean(), tie('blocks')).map(
      ([isOrdered, of]): Block => ({
        line: 1,
        kind: 'list',
        isOrdered,
        items: [{ line: 1, isChecked: undefined, of }],
      }),
    ),
  ),
}))

describe('whatever the width', () => {
  test('no line is wider, with colours or without', () => {
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 3 }),
        fc.integer({ min: 40, max: 120 }),
        fc.boolean(),
        (blocks, width, colour) => {
          const lines = renderBlocks(blocks, { colour, width, ticks: true }).map(stripVTControlCharacters)
          expect(lines.filter((line) => line.length > width)).toEqual([])
          expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
        },
      ),
    )
  })

  test('no word is lost or moved', () => {
    const wordsOf = (of: readonly Inline[]): string[] =>
      renderInlines(of, { ...PLAIN, width: 10_000 })
        .join(' ')
        .split(' ')
    fc.assert(
      fc.property(inlines, fc.integer({ min: 1, max: 80 }), (of, width) => {
        expect(
          renderInlines(of, { ...PLAIN, width })
            .join(' ')
            .split(' '),
        ).toEqual(wordsOf(of))
      }),
    )
  })
})
