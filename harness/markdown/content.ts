/** The Markdown that pages and quizzes may use, as plain data. Whatever else a file holds is a problem, never dropped. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis'; of: Inline[] }
  | { kind: 'link'; of: Inline[]; address: string }
  | { kind: 'picture'; alt: string; address: string }
  /** A line that ends with two blanks or a backslash. */
  | { kind: 'break' }
  | { kind: 'comment'; text: string }

export interface ListItem {
  line: number
  /** `[x]` true, `[ ]` false, undefined for an item that is no task. */
  isChecked: boolean | undefined
  of: Block[]
}

export interface Cell {
  of: Inline[]
}

/** Lines count from 1, in the file as it is on disk. */
export type Block = { line: number } & (
  | { kind: 'heading'; depth: number; of: Inline[] }
  | { kind: 'paragraph'; of: Inline[] }
  | { kind: 'code'; info: string; text: string }
  | { kind: 'list'; isOrdered: boolean; items: ListItem[] }
  | { kind: 'table'; head: Cell[]; rows: Cell[][] }
  | { kind: 'quote'; of: Block[] }
  | { kind: 'comment'; text: string }
  /** `<details>`, `<summary>Answer</summary>`, `</details>`: GitHub folds with them, nothing else does. */
  | { kind: 'fold' }
)

export interface Problem {
  line: number
  level: 'error' | 'warning'
  /** Stable name: `unknown-key`. */
  rule: string
  message: string
}

/** The words of it, without any marks. */
export function plainText(of: readonly Inline[]): string {
  return of.map(textOf).join('')
}

function textOf(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return inline.text
    case 'picture':
      return inline.alt
    case 'break':
      return '\n'
    case 'comment':
      return ''
    default:
      return plainText(inline.of)
  }
}
