import { describe, expect, test } from 'vitest'
import { type Block, plainText } from '../../markdown/content.ts'
import { parseMarkdown } from '../../markdown/parse.ts'

/** Blocks that were read without any problem. */
function blocksOf(source: string): Block[] {
  const { blocks, problems } = parseMarkdown(source)
  expect(problems).toEqual([])
  return blocks
}

/** `3 paragraph` for every block, those inside others included. */
function outline(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    const inside =
      block.kind === 'quote'
        ? outline(block.of)
        : block.kind === 'list'
          ? block.items.flatMap(({ line, of }) => [`${line} item`, ...outline(of)])
          : []
    return [`${block.line} ${block.kind}`, ...inside]
  })
}

const PAGE = `# Title
<!-- a comment -->

A paragraph
of two lines.


- loose one

  still one

  > quoted
- loose two
1. tight one
2. tight two
   - inner

     \`\`\`ts
     code
     \`\`\`

> [!NOTE]
> > nested
> >
> > - item
>
> last

| Head | Other |
| --- | --- |
| a | b |

<details>
<summary>Answer</summary>

\`\`\`output
a

b
\`\`\`

</details>
last`

const OUTLINE = [
  '1 heading',
  '2 comment',
  '4 paragraph',
  '8 list',
  '8 item',
  '8 paragraph',
  '10 paragraph',
  '12 quote',
  '12 paragraph',
  '13 item',
  '13 paragraph',
  '14 list',
  '14 item',
  '14 paragraph',
  '15 item',
  '15 paragraph',
  '16 list',
  '16 item',
  '16 paragraph',
  '18 code',
  '22 quote',
  '22 paragraph',
  '23 quote',
  '23 paragraph',
  '25 list',
  '25 item',
  '25 paragraph',
  '27 paragraph',
  '29 table',
  '33 fold',
  '36 code',
]

describe('lines count as in the file', () => {
  // The last line belongs to the HTML that `</details>` begins, as on GitHub: it is told, and not lost.

  test.each([
    ['line feeds', PAGE],
    ['carriage returns before them', PAGE.replaceAll('\n', '\r\n')],
    ['carriage returns alone', PAGE.replaceAll('\n', '\r')],
    ['a byte order mark', `\uFEFF${PAGE}`],
    ['control characters', PAGE.replaceAll('paragraph', 'para\u0000\u001B\u009Bgraph')],
  ])('with %s', (_, source) => {
    const { blocks, problems } = parseMarkdown(source)
    expect(outline(blocks)).toEqual(OUTLINE)
    expect(problems).toEqual([
      { line: 42, level: 'error', rule: 'html', message: expect.stringContaining('no HTML here') },
    ])
  })

  test.each([
    [
      'a tab behind the mark of a list',
      '-\tone\n-\ttwo\n\n\t> quoted\n\nlast',
      ['1 list', '1 item', '1 paragraph', '2 item', '2 paragraph', '4 quote', '4 paragraph', '6 paragraph'],
    ],
    ['code that is indented by a tab', 'one\n\n\tcode\n\nlast', ['1 paragraph', '3 code', '5 paragraph']],
    ['blank lines at the start', '\n\n  \none', ['4 paragraph']],
    ['blank lines with blanks', 'one\n   \n\t\ntwo', ['1 paragraph', '4 paragraph']],
    ['a lazy line of a quote', '> one\ntwo\n\nthree', ['1 quote', '1 paragraph', '4 paragraph']],
    [
      'a table under a paragraph',
      'one\n| a |\n| - |\n| b |\n\ntwo',
      ['1 paragraph', '2 table', '6 paragraph'],
    ],
    ['a heading by underlining', 'one\n===\n\ntwo', ['1 heading', '4 paragraph']],
    [
      'tasks, loose by one empty line',
      '- [x] one\n\n- [ ] two\n  > why\n\nlast',
      ['1 list', '1 item', '1 paragraph', '3 item', '3 paragraph', '4 quote', '4 paragraph', '6 paragraph'],
    ],
  ])('with %s', (_, source, expected) => {
    expect(outline(blocksOf(source))).toEqual(expected)
  })

  test('a problem inside a paragraph is told with its own line', () => {
    const { problems } = parseMarkdown('> one\n> two <b>three</b>\n>\n> - four\n>   ![five](a.png)')
    expect(problems.map(({ line, rule }) => `${line} ${rule}`)).toEqual(['2 html', '2 html', '5 markdown'])
  })

  test('a problem in a table is told with the line of its row', () => {
    const { problems } = parseMarkdown('| a |\n| - |\n| b |\n| <b> |')
    expect(problems.map(({ line, rule }) => `${line} ${rule}`)).toEqual(['4 html'])
  })
})

describe('words', () => {
  const textOf = (source: string) => {
    const [block] = blocksOf(source)
    return block && 'of' in block && block.kind === 'paragraph' ? plainText(block.of) : undefined
  }

  test.each([
    ['entities', 'a &lt; b &amp;&amp; c &gt; d &quot;e&quot;&nbsp;f', 'a < b && c > d "e"\u00A0f'],
    ['entities by number', '&#60;T&#62; &#x2264;', '<T> ≤'],
    ['an entity that is spelled out', '&amp;lt;', '&lt;'],
    ['names of what every object has', '&toString; &constructor;', '&toString; &constructor;'],
    ['an escaped mark', '\\*a\\* \\<b>', '*a* <b>'],
    ['comparisons', 'a < b && c > d', 'a < b && c > d'],
    ['a comment', 'a<!-- b -->', 'a'],
    ['a hard line end', 'a  \nb\\\nc', 'a\nb\nc'],
    [
      'underscores inside a word',
      'consumer_offsets min_insync *and* **strong _words_**',
      'consumer_offsets min_insync and strong words',
    ],
  ])('%s', (_, source, words) => {
    expect(textOf(source)).toBe(words)
  })

  test.each([
    'Promise<void>',
    'a < b && c > d',
    'Map<string, number[]>',
    '&lt;',
    '<!-- x -->',
    '__consumer_offsets',
  ])('code keeps %s', (code) => {
    const fence = `\`\`\`ts\n${code}\n\`\`\``
    expect(blocksOf(`Is \`${code}\` so?\n\n${fence}`)).toEqual([
      {
        kind: 'paragraph',
        line: 1,
        of: [
          { kind: 'text', text: 'Is ' },
          { kind: 'code', text: code },
          { kind: 'text', text: ' so?' },
        ],
      },
      { kind: 'code', line: 3, info: 'ts', text: code },
    ])
  })

  test('marks and links', () => {
    expect(blocksOf('**a *b*** [`c` d](https://e.org/f_g)')).toEqual([
      {
        kind: 'paragraph',
        line: 1,
        of: [
          {
            kind: 'strong',
            of: [
              { kind: 'text', text: 'a ' },
              { kind: 'emphasis', of: [{ kind: 'text', text: 'b' }] },
            ],
          },
          { kind: 'text', text: ' ' },
          {
            kind: 'link',
            of: [
              { kind: 'code', text: 'c' },
              { kind: 'text', text: ' d' },
            ],
            address: 'https://e.org/f_g',
          },
        ],
      },
    ])
  })
})

describe('lists and tables', () => {
  test.each([
    ['tight', '- [x] a\n- [ ] b\n- c'],
    ['loose', '- [x] a\n\n- [ ] b\n\n- c'],
    ['with a capital letter and blanks', '* [X]   a\n* [ ]   b\n* c'],
  ])('boxes of a %s list', (_, source) => {
    const [list] = blocksOf(source)
    expect(list?.kind === 'list' && list.items.map(({ isChecked }) => isChecked)).toEqual([
      true,
      false,
      undefined,
    ])
    expect(
      list?.kind === 'list' &&
        list.items.map(({ of: [one] }) => one?.kind === 'paragraph' && plainText(one.of).trim()),
    ).toEqual(['a', 'b', 'c'])
  })

  test.each(['- []  a', '- [  ] a', '- [ x] a', '- [-] a', '- [x]a'])('%s is no box', (source) => {
    const [list] = blocksOf(source)
    expect(list?.kind === 'list' && list.items[0]?.isChecked).toBeUndefined()
  })

  test('a table has all its cells, also those with a pipe in them', () => {
    const [table] = blocksOf('| a | `b \\| c` |\n| :-- | --: |\n| d <!-- e --> | |\n| f |')
    const cells =
      table?.kind === 'table' && [table.head, ...table.rows].map((row) => row.map(({ of }) => plainText(of)))
    expect(cells).toEqual([
      ['a', 'b | c'],
      ['d ', ''],
      ['f', ''],
    ])
  })
})

describe('what would be lost is told', () => {
  test.each([
    ['a picture', 'a\n\n![b](c.png)', '3 markdown'],
    ['struck words', 'a\n\nb ~~c~~', '3 markdown'],
    ['a line across', 'a\n\n---\n', '3 markdown'],
    ['a link definition', 'a\n\n[^1]: b', '3 markdown'],
    ['HTML', 'a\n\n<table>\n</table>', '3 html'],
    ['HTML in text', 'a\n\nb <kbd>c', '3 html'],
    ['a comment that does not end', 'a\n\n<!-- b\n\nc', '3 html'],
    ['front matter', '---\nid: a\n---\n', '1 markdown'],
    ['a fence that does not end', 'a\n\n```ts\nb\n\nc', '3 unclosed-fence'],
    ['a fence with a shorter end', 'a\n\n````ts\nb\n```\n', '3 unclosed-fence'],
    ['a fence of tildes with an end of quotes', 'a\n\n~~~\nb\n```\n', '3 unclosed-fence'],
    ['a fence alone', 'a\n\n```', '3 unclosed-fence'],
    ['a fence that the end of another one ends', 'a\n\n```ts\nb\n\n```ts\nc\n```', '3 unclosed-fence'],
    ['a fence in an item that does not end', '- a\n\n  ```\n  b\n\nc', '3 unclosed-fence'],
  ])('%s', (_, source, place) => {
    expect(parseMarkdown(source).problems.map(({ line, rule }) => `${line} ${rule}`)).toContain(place)
  })

  test.each([
    ['a longer end', '```ts\na\n````\n'],
    ['a fence in a fence', '````md\n```\na\n```\n````\n'],
    ['an empty one', '```\n```'],
    ['one in an item', '- a\n\n  ```\n  b\n  ```\n\nc'],
    ['one in a quote', '> ```\n> b\n> ```\n\nc'],
    ['code by indenting that ends in a fence', 'a\n\n    ```\n'],
  ])('a fence with an end: %s', (_, source) => {
    expect(parseMarkdown(source).problems).toEqual([])
  })
})
