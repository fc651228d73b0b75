import { Marked, type Token, type Tokens } from 'marked'
import type { Block, Cell, Inline, ListItem, Problem } from './content.ts'

/** Files above this are not read: marked takes seconds for a list of as many items. */
const MAX_CHARACTERS = 256 * 1024
/** Lines above this are not read: marked takes minutes to look for an address in `a.a.a.` of 200,000 characters. */
const MAX_LINE = 2_000
/** Quotes and lists inside one another; thousands of them overflow the stack. */
const MAX_DEPTH = 8

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

export interface Parsed {
  blocks: Block[]
  problems: Problem[]
}

/**
 * Reads GitHub's Markdown with marked's own lexer, without any extension, so that GitHub and the terminal agree. Carriage
 * returns, a byte order mark and control characters (ESC among them) are taken out first; lines still count as in the file.
 * Pictures are a problem unless they are allowed: a quiz travels without the files beside it.
 */
export function parseMarkdown(source: string, { pictures = false } = {}): Parsed {
  if (source.length > MAX_CHARACTERS) {
    return {
      blocks: [],
      problems: [problem(1, 'too-large', `the file has more than ${MAX_CHARACTERS} characters`)],
    }
  }
  const text = cleaned(source)
  const tooLong = text.split('\n').findIndex((line) => line.length > MAX_LINE)
  if (tooLong >= 0) {
    const message = `the line has more than ${MAX_LINE} characters`
    return { blocks: [], problems: [problem(tooLong + 1, 'too-long', message)] }
  }
  const tooDeep = deepLine(text)
  if (tooDeep !== undefined) {
    return { blocks: [], problems: [problem(tooDeep, 'too-deep', 'lists or quotes are nested too deeply')] }
  }
  const reading = new Reading(pictures)
  try {
    const blocks = reading.blocks(new Marked().lexer(text), 1)
    return { blocks, problems: reading.problems }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { blocks: [], problems: [problem(1, 'too-deep', 'the file is nested too deeply to be read')] }
  }
}

/** Without a byte order mark, carriage returns and control characters; tabs and line ends stay. */
function cleaned(source: string): string {
  return source
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROLS, '')
}

/** The first line inside more than MAX_DEPTH quotes and lists, or a little before it; done before marked sees the file. */
function deepLine(text: string): number | undefined {
  let open: number[] = []
  const at = text.split('\n').findIndex((line) => {
    if (/^\s*(?:[-*]\s*)+$/.test(line)) return false
    const [start = ''] = /^(?:[\s>]+|(?:[*+-]|\d{1,9}[.)])(?=\s|$))*/.exec(line) ?? []
    const columns = [...start.replace(/\t/g, '    ').matchAll(/[*+-]|\d+[.)]/g)].map(({ index }) => index)
    const [first] = columns
    // An item ends all that begin in its column or behind it; whatever else may end an item only makes less of it.
    if (first !== undefined) open = [...open.filter((column) => column < first), ...columns]
    const quotes = start.split('>').length - 1
    return quotes + (first === undefined ? 0 : open.length) > MAX_DEPTH
  })
  return at < 0 ? undefined : at + 1
}

function problem(line: number, rule: string, message: string): Problem {
  return { line, level: 'error', rule, message }
}

const COMMENT = /^<!--([\s\S]*?)-->\s*$/
const FOLD = /^(?:\s*(?:<\/?details>|<summary>[^<]*<\/summary>)\s*)+$/

class Reading {
  readonly problems: Problem[] = []
  private readonly pictures: boolean

  constructor(pictures: boolean) {
    this.pictures = pictures
  }

  /** marked gives no places: the raw text of the tokens joins to the source, so lines are counted along the way. */
  blocks(tokens: readonly Token[], firstLine: number): Block[] {
    const found: Block[] = []
    let line = firstLine
    for (const token of tokens) {
      const block = token.type === 'space' ? undefined : this.block(token, line)
      if (block) found.push(block)
      line += linesIn(token.raw)
    }
    return found
  }

  private block(token: Token, line: number): Block | undefined {
    switch (token.type) {
      case 'heading':
        return {
          kind: 'heading',
          line,
          depth: (token as Tokens.Heading).depth,
          of: this.inlines(token, line),
        }
      case 'paragraph':
      case 'text':
        return { kind: 'paragraph', line, of: this.inlines(token, line) }
      case 'code':
        return this.code(token as Tokens.Code, line)
      case 'blockquote':
        return { kind: 'quote', line, of: this.blocks(token.tokens ?? [], line) }
      case 'list':
        return this.list(token as Tokens.List, line)
      case 'table':
        return this.table(token as Tokens.Table, line)
      case 'html':
        return this.html(token.raw, line)
      case 'checkbox':
        return undefined
      default:
        this.refuse(line, token)
        return undefined
    }
  }

  private code({ lang, text, raw }: Tokens.Code, line: number): Block {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(raw) ?? []
    const [last = ''] = /[^\n]*$/.exec(raw.trimEnd()) ?? []
    const isClosed = raw.trimEnd().includes('\n') && last.trim().startsWith(mark ?? '')
    // A fence that begins inside another one most often shows that the end of the first was forgotten.
    const isReopened = new RegExp(`^ {0,3}${mark}[^\\s\`~]`, 'm').test(text)
    if (mark && (!isClosed || isReopened))
      this.problems.push(problem(line, 'unclosed-fence', `no ${mark} ends this code`))
    return { kind: 'code', line, info: lang ?? '', text }
  }

  private list(token: Tokens.List, firstLine: number): Block {
    let line = firstLine
    const items: ListItem[] = []
    for (const item of token.items) {
      items.push({
        line,
        isChecked: item.task ? item.checked === true : undefined,
        of: this.blocks(item.tokens, line),
      })
      line += linesIn(item.raw)
    }
    return { kind: 'list', line: firstLine, isOrdered: token.ordered, items }
  }

  private table({ header, rows }: Tokens.Table, line: number): Block {
    const cells = (row: Tokens.TableCell[], at: number): Cell[] =>
      row.map((cell) => ({ of: cell.tokens.flatMap((one) => this.inline(one, at)) }))
    return {
      kind: 'table',
      line,
      head: cells(header, line),
      rows: rows.map((row, index) => cells(row, line + 2 + index)),
    }
  }

  private html(raw: string, line: number): Block | undefined {
    const text = COMMENT.exec(raw.trim())?.[1]
    if (text !== undefined) return { kind: 'comment', line, text: text.trim() }
    if (FOLD.test(raw)) return { kind: 'fold', line }
    this.problems.push(problem(line, 'html', 'no HTML here but comments, <details> and <summary>'))
    return undefined
  }

  private inlines(token: Token, line: number): Inline[] {
    const last = line + linesIn(token.raw.trimEnd())
    let at = line
    return ((token as Tokens.Generic).tokens ?? []).flatMap((one) => {
      const found = this.inline(one, at)
      // marked adds a line end where a lazy line begins with a tab.
      at = Math.min(at + linesIn(one.raw), last)
      return found
    })
  }

  private inline(token: Token, line: number): Inline[] {
    switch (token.type) {
      case 'text':
      case 'escape': {
        const { tokens, text } = token as Tokens.Text
        return tokens
          ? tokens.flatMap((one) => this.inline(one, line))
          : [{ kind: 'text', text: decoded(text) }]
      }
      case 'codespan':
        return [{ kind: 'code', text: (token as Tokens.Codespan).text }]
      case 'strong':
        return [{ kind: 'strong', of: this.inlines(token, line) }]
      case 'em':
        return [{ kind: 'emphasis', of: this.inlines(token, line) }]
      case 'link':
        return [{ kind: 'link', of: this.inlines(token, line), address: (token as Tokens.Link).href }]
      case 'br':
        return [{ kind: 'break' }]
      case 'image':
        return this.picture(token as Tokens.Image, line)
      case 'checkbox':
        return []
      case 'html':
        return this.inlineHtml(token.raw, line)
      default:
        this.refuse(line, token)
        return []
    }
  }

  private picture(token: Tokens.Image, line: number): Inline[] {
    if (!this.pictures) {
      this.refuse(line, token)
      return []
    }
    return [{ kind: 'picture', alt: decoded(token.text), address: token.href }]
  }

  private inlineHtml(raw: string, line: number): Inline[] {
    const text = COMMENT.exec(raw.trim())?.[1]
    if (text !== undefined) return [{ kind: 'comment', text: text.trim() }]
    this.problems.push(problem(line, 'html', `no HTML here: ${raw.trim()}; put code into backquotes`))
    return []
  }

  private refuse(line: number, token: Token): void {
    const [shown = ''] = token.raw.trim().split('\n')
    this.problems.push(problem(line, 'markdown', `this is not read, and would be lost: ${shown}`))
  }
}

function linesIn(raw: string): number {
  return raw.split('\n').length - 1
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['nbsp', '\u00A0'],
])

/** marked decodes numbers (`&#60;`, which may stand for a control character), and leaves names; code spans hold neither. */
function decoded(text: string): string {
  return text.replace(CONTROLS, '').replace(/&(\w+);/g, (whole, name) => ENTITIES.get(name) ?? whole)
}
