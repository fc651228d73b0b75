import { type Look, paint, plain } from '../report/style.ts'
import type { Block, Inline } from './content.ts'

type Format = Parameters<typeof paint>[1]

/** Words that stay together in one look; a break between two of them is a blank in one of them. */
interface Span {
  text: string
  format: Format | null
  /** Where a click on it leads. */
  target?: string
  /** Begins a new line; has no text. */
  isBreak?: true
}

/** An address of a file: as it is shown, and as a terminal opens it. */
export interface Destination {
  shown: string
  target: string
}

/** How a page looks, and where the addresses lead that are written in it; without that, as they are written. */
export interface PageLook extends Look {
  destination?(address: string): Destination
}

/** Lines for a terminal of `look.width` columns. Blocks stand apart by an empty line. */
export function renderBlocks(blocks: readonly Block[], look: PageLook): string[] {
  const rendered = blocks.map((block) => renderBlock(block, look)).filter((lines) => lines.length > 0)
  return rendered.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}

/** Text with its marks, broken into lines of at most `look.width` columns. */
export function renderInlines(of: readonly Inline[], look: PageLook): string[] {
  return fill(
    of.flatMap((one) => spansOf(one, null, look)),
    look,
  )
}

function renderBlock(block: Block, look: PageLook): string[] {
  switch (block.kind) {
    case 'heading':
      return heading(block.depth, block.of, look)
    case 'paragraph':
      return renderInlines(block.of, look)
    case 'code':
      return block.text.split('\n').map((line) => `    ${paint(look, 'cyan', line)}`)
    case 'quote':
      return indented(renderBlocks(block.of, narrower(look, 2)), '| ')
    case 'list':
      return block.items.flatMap((item, index) => {
        const task = item.isChecked === undefined ? '' : item.isChecked ? '[x] ' : '[ ] '
        const mark = `${block.isOrdered ? `${index + 1}.` : '-'} ${task}`
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

/** Bold; where nothing can be bold, its marks tell how deep it is. */
function heading(depth: number, of: Inline[], look: PageLook): string[] {
  const mark = look.colour ? '' : `${'#'.repeat(depth)} `
  const [first = '', ...rest] = renderInlines([{ kind: 'strong', of }], narrower(look, mark.length))
  return [`${mark}${first}`, ...indented(rest, ' '.repeat(mark.length))]
}

/** Lines behind a text that all of them begin with; empty ones stay empty. */
export function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => (line === '' ? '' : `${by}${line}`))
}

/** The same look for what stands indented by so many columns. */
export function narrower(look: PageLook, columns: number): PageLook {
  return { ...look, width: Math.max(20, look.width - columns) }
}

/** A table with columns as wide as their widest cell; one that is too wide becomes a list of its rows. */
function table(rows: Inline[][][], look: PageLook): string[] {
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

function asList(head: Span[][], row: Span[][], look: PageLook): string[] {
  return row.flatMap((spans, at) => {
    const name = (head[at] ?? []).map(({ text }) => text).join('')
    return fill([{ text: `${at === 0 ? '- ' : '  '}${name}: `, format: null }, ...spans], look)
  })
}

function spansOf(inline: Inline, format: Format | null, look: PageLook): Span[] {
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
      return words.map(({ text }) => text).join('') === inline.address
        ? leading(words, inline.address, look)
        : addressed(words, inline.address, look)
    }
    case 'picture':
      return addressed([{ text: `picture: ${inline.alt}`, format }], inline.address, look)
    case 'break':
      return [{ text: '', format: null, isBreak: true }]
    case 'comment':
      return []
  }
}

/** Words that lead somewhere on a click, or else with the address behind them. */
function addressed(words: Span[], address: string, look: PageLook): Span[] {
  const { shown } = look.destination?.(address) ?? { shown: address }
  return look.links ? leading(words, address, look) : [...words, { text: ` (${shown})`, format: null }]
}

function leading(words: Span[], address: string, look: PageLook): Span[] {
  if (!look.links) return words
  const { target } = look.destination?.(address) ?? { target: address }
  return words.map((word) => ({ ...word, target: plain(target) }))
}

function painted(spans: readonly Span[], look: Look): string {
  return spans
    .map((span) => linked(span.format ? paint(look, span.format, span.text) : span.text, span))
    .join('')
}

/** OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
function linked(text: string, { target }: Span): string {
  return target ? `\u001B]8;;${target}\u001B\\${text}\u001B]8;;\u001B\\` : text
}

/** Breaks where the text does, and at blanks; a line end in the text is one of them. */
function fill(spans: readonly Span[], look: Look): string[] {
  const parts: Span[][] = [[]]
  for (const span of spans) {
    if (span.isBreak) parts.push([])
    else parts.at(-1)?.push(span)
  }
  return parts.flatMap((part) => fillPart(part, look))
}

function fillPart(spans: readonly Span[], look: Look): string[] {
  const lines: Span[][] = [[]]
  let width = 0
  for (const word of wordsOf(spans)) {
    const length = word.reduce((sum, { text }) => sum + text.length, 0)
    if (width > 0 && width + 1 + length > look.width) {
      lines.push([])
      width = 0
    }
    const line = lines.at(-1) as Span[]
    if (width > 0) line.push(blankBetween(line.at(-1), word[0]))
    line.push(...word)
    width += (width > 0 ? 1 : 0) + length
  }
  return lines.map((line) => painted(line, look))
}

/** A blank between two words of one link belongs to the link. */
function blankBetween(before: Span | undefined, after: Span | undefined): Span {
  const target = before?.target === after?.target ? before?.target : undefined
  return { text: ' ', format: null, ...(target !== undefined && { target }) }
}

/** What stands between two blanks, which may be of several looks: `**a**b`. */
function wordsOf(spans: readonly Span[]): Span[][] {
  const words: Span[][] = []
  let isOpen = false
  for (const span of spans) {
    const parts = span.text.split(/(\s+)/)
    for (const part of parts) {
      if (part === '') continue
      if (/^\s+$/.test(part)) isOpen = false
      else if (isOpen) words.at(-1)?.push({ ...span, text: part })
      else {
        words.push([{ ...span, text: part }])
        isOpen = true
      }
    }
  }
  return words
}
