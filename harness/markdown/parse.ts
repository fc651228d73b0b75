import { Marked, type Token, type Tokens } from 'marked'
import type { Block, Cell, Inline, ListItem, Problem } from './content.ts'

/** Files above this are not read: marked takes seconds for deep nesting in a large one. */
const MAX_CHARACTERS = 1024 * 1024
/** Quotes and lists inside one another; thousands of them overflow the stack. */
const MAX_DEPTH = 12

export interface Parsed {
  blocks: Block[]
  problems: Problem[]
}

/**
 * Reads GitHub's Markdown with marked's own lexer, without any extension, so that GitHub and the terminal agree. Carriage
 * returns, a byte order mark and control characters (ESC among them) are taken out first; lines still count as in the file.
 */
export function parseMarkdown(source: string): Parsed {
  if (source.length > MAX_CHARACTERS) {
    return {
      blocks: [],
      problems: [problem(1, 'too-large', `the file has more than ${MAX_CHARACTERS} characters`)],
    }
  }
  const text = cleaned(source)
  const tooDeep = deepLine(text)
  if (tooDeep !== undefined) {
    return { blocks: [], problems: [problem(tooDeep, 'too-deep', 'lists or quotes are nested too deeply')] }
  }
  const reading = new Reading()
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
  return (
    source
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
  )
}

/** The first line that opens more than MAX_DEPTH quotes or lists; cheap, and done before marked sees the file. */
function deepLine(text: string): number | undefined {
  const at = text.split('\n').findIndex((line) => {
    const [marks = ''] = /^[\s>*+-]*/.exec(line) ?? []
    const opened = marks.replace(/\s/g, '').length
    const indented = marks.length - marks.trimStart().length
    return (opened > MAX_DEPTH && !/^\s*(?:[-*]\s*)+$/.test(line)) || indented > 8 * MAX_DEPTH
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

  /** marked gives no places: the raw text of the tokens joins to the source, so lines are counted along the way. */
  blocks(tokens: readonly Token[], firstLine: number): Block[] {
    const found: Block[] = []
    let line = firstLine
    for (const token of tokens) {
      const [blank = ''] = /^\n*/.exec(token.raw) ?? []
      const block = token.type === 'space' ? undefined : this.block(token, line + blank.length)
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
        return {
          kind: 'code',
          line,
          info: (token as Tokens.Code).lang ?? '',
          text: (token as Tokens.Code).text,
        }
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
    return ((token as Tokens.Generic).tokens ?? []).flatMap((one) => this.inline(one, line))
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
        return [{ kind: 'text', text: '\n' }]
      case 'checkbox':
        return []
      case 'html':
        return this.inlineHtml(token.raw, line)
      default:
        this.refuse(line, token)
        return []
    }
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

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00A0' }

/** marked leaves entities in text as they are; code spans hold none. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, number, name) =>
    number ? String.fromCodePoint(Number(number)) : (ENTITIES[name] ?? whole),
  )
}
