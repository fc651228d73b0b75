import { type Look, paint } from '../report/style.ts'
import type { Block, Inline } from './content.ts'

type Format = Parameters<typeof paint>[1]

/** Words that stay together in one look; a break between two of them is a blank in one of them. */
interface Span {
  text: string
  format: Format | null
}

/** Lines for a terminal of `look.width` columns. Blocks stand apart by an empty line. */
export function renderBlocks(blocks: readonly Block[], look: Look): string[] {
  const rendered = blocks.map((block) => renderBlock(block, look)).filter((lines) => lines.length > 0)
  return rendered.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}

/** Text with its marks, broken into lines of at most `look.width` columns. */
export function renderInlines(of: readonly Inline[], look: Look): string[] {
  return fill(
    of.flatMap((one) => spansOf(one, null, look)),
    look,
  )
}

function renderBlock(block: Block, look: Look): string[] {
  switch (block.kind) {
    case 'heading':
      return renderInlines([{ kind: 'strong', of: block.of }], look)
    case 'paragraph':
      return renderInlines(block.of, look)
    case 'code':
      return block.text.split('\n').map((line) => `    ${paint(look, 'cyan', line)}`)
    case 'quote':
      return indented(renderBlocks(block.of, narrower(look, 2)), '| ')
    case 'list':
      return block.items.flatMap((item, index) => {
        const mark = block.isOrdered ? `${index + 1}. ` : '- '
        const [first = '', ...rest] = renderBlocks(item.of, narrower(look, mark.length))
        return [`${mark}${first}`, ...indented(rest, ' '.repeat(mark.length))]
      })
    case 'table':
      return table(
        [block.head, ...block.rows].map((row) => row.map(({ of }) => of)),
        look,
      )
    case 'comment':
    case 'fold':
      return []
  }
}

export function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => (line === '' ? '' : `${by}${line}`))
}

export function narrower(look: Look, columns: number): Look {
  return { ...look, width: Math.max(20, look.width - columns) }
}

/** A table with columns as wide as their widest cell; one that is too wide becomes a list of its rows. */
function table(rows: Inline[][][], look: Look): string[] {
  const cells = rows.map((row) => row.map((of) => of.flatMap((one) => spansOf(one, null, look))))
  const length = (spans: Span[]) => spans.reduce((sum, { text }) => sum + text.length, 0)
  const columns = Math.max(...cells.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...cells.map((row) => length(row[at] ?? []))),
  )
  const isTooWide = widths.reduce((sum, width) => sum + width + 2, 0) > look.width
  if (isTooWide) return cells.slice(1).flatMap((row) => asList(cells[0] ?? [], row, look))
  const line = (row: Span[][]) =>
    row
      .map((spans, at) => `${painted(spans, look)}${' '.repeat((widths[at] ?? 0) - length(spans))}`)
      .join('  ')
      .trimEnd()
  const [head = [], ...body] = cells
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)]
}

function asList(head: Span[][], row: Span[][], look: Look): string[] {
  return row.flatMap((spans, at) => {
    const name = (head[at] ?? []).map(({ text }) => text).join('')
    return fill([{ text: `${at === 0 ? '- ' : '  '}${name}: `, format: null }, ...spans], look)
  })
}

function spansOf(inline: Inline, format: Format | null, look: Look): Span[] {
  switch (inline.kind) {
    case 'text':
      return [{ text: inline.text, format }]
    case 'code':
      return [
        look.colour ? { text: inline.text, format: 'cyan' } : { text: `\`${inline.text}\``, format: null },
      ]
    case 'strong':
      return inline.of.flatMap((one) => spansOf(one, 'bold', look))
    case 'emphasis':
      return inline.of.flatMap((one) => spansOf(one, 'italic', look))
    case 'link': {
      const words = inline.of.flatMap((one) => spansOf(one, format, look))
      const said = words.map(({ text }) => text).join('')
      return said === inline.address ? words : [...words, { text: ` (${inline.address})`, format: null }]
    }
    case 'comment':
      return []
  }
}

function painted(spans: readonly Span[], look: Look): string {
  return spans.map(({ text, format }) => (format ? paint(look, format, text) : text)).join('')
}

/** Breaks at blanks; a line end in the text is one of them. */
function fill(spans: readonly Span[], look: Look): string[] {
  const lines: Span[][] = [[]]
  let width = 0
  for (const word of wordsOf(spans)) {
    const length = word.reduce((sum, { text }) => sum + text.length, 0)
    if (width > 0 && width + 1 + length > look.width) {
      lines.push([])
      width = 0
    }
    const line = lines.at(-1) as Span[]
    if (width > 0) line.push({ text: ' ', format: null })
    line.push(...word)
    width += (width > 0 ? 1 : 0) + length
  }
  return lines.map((line) => painted(line, look))
}

/** What stands between two blanks, which may be of several looks: `**a**b`. */
function wordsOf(spans: readonly Span[]): Span[][] {
  const words: Span[][] = []
  let isOpen = false
  for (const { text, format } of spans) {
    const parts = text.split(/(\s+)/)
    for (const part of parts) {
      if (part === '') continue
      if (/^\s+$/.test(part)) isOpen = false
      else if (isOpen) words.at(-1)?.push({ text: part, format })
      else {
        words.push([{ text: part, format }])
        isOpen = true
      }
    }
  }
  return words
}
