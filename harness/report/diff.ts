import { type Look, paint, plain } from './style.ts'

/** One line of two texts laid over each other. Numbers count from 1, in the text that the line is of (`same`: the new one). */
export interface DiffLine {
  kind: 'same' | 'old' | 'new'
  number: number
  text: string
}

/** The largest table that is filled; beyond it the texts are too long to be an exercise, and one is shown after the other. */
const MOST_CELLS = 4_000_000
const CONTEXT = 3
const COMMENT = /^\s*(?:\/\*|\*|\/\/)/

/**
 * The fewest lines to take away and to add that make `after` of `before` (by the longest common subsequence). Line ends,
 * CRLF or LF, and a byte order mark are no difference.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const shorter = Math.min(old.length, now.length)
  let start = 0
  while (start < shorter && old[start] === now[start]) start++
  let end = 0
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const same = (text: string, index: number): DiffLine => ({ kind: 'same', number: index + 1, text })
  const tail = now.length - end
  return [
    ...now.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), now.slice(start, tail), start),
    ...now.slice(tail).map((text, index) => same(text, tail + index)),
  ]
}

/** The lines between what both begin with, `offset` lines, and what both end with. */
function middle(old: readonly string[], now: readonly string[], offset: number): DiffLine[] {
  const lines: DiffLine[] = []
  const common = commonLengths(old, now)
  const width = now.length + 1
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (common && i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', number: offset + j + 1, text: now[j++] as string })
      i++
    } else if (
      i < old.length &&
      (j >= now.length || !common || isLonger(common, (i + 1) * width + j, i * width + j + 1))
    ) {
      lines.push({ kind: 'old', number: offset + i + 1, text: old[i++] as string })
    } else lines.push({ kind: 'new', number: offset + j + 1, text: now[j++] as string })
  }
  return lines
}

function isLonger(common: Uint32Array, a: number, b: number): boolean {
  return (common[a] as number) >= (common[b] as number)
}

/** At `i * (now.length + 1) + j`: how many lines `old` from i on and `now` from j on have in common. Null when that is too much. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array | null {
  const width = now.length + 1
  if ((old.length + 1) * width > MOST_CELLS) return null
  const common = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const at = i * width + j
      const [below, right] = [common[at + width] as number, common[at + 1] as number]
      common[at] = old[i] === now[j] ? (common[at + width + 1] as number) + 1 : Math.max(below, right)
    }
  }
  return common
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  // The end of the last line begins no other.
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** What is compared, in words: `the stub`, `exercises/03-produce-event/produce-event.ts`. */
export interface DiffNames {
  before: string
  after: string
}

/**
 * Two texts for a terminal: what differs, with three lines around it. The signs alone say it, colours only help. Comments
 * of `stub` that only `before` still has are left out: a solution does without them, and they are no work of the learner.
 */
export function diffReport(before: string, after: string, names: DiffNames, look: Look, stub = ''): string[] {
  const given = new Set(linesOf(stub).filter((line) => COMMENT.test(line)))
  const lines = diffLines(before, after).filter(({ kind, text }) => kind !== 'old' || !given.has(text))
  const head = [
    `  ${paint(look, 'red', `- ${names.before}`)}`,
    `  ${paint(look, 'green', `+ ${names.after}`)}`,
    '',
  ]
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : index))
  if (changed.length === 0) return [...head, '  No line differs.']
  const shown = new Set(changed.flatMap((index) => around(index)))
  const digits = `${lines.length}`.length
  const body: string[] = []
  for (const [index, line] of lines.entries()) {
    if (shown.has(index)) body.push(`  ${lineText(line, digits, look)}`)
    else if (index > 0 && shown.has(index - 1) && index < Math.max(...changed))
      body.push(`  ${'...'.padStart(digits)}`)
  }
  return [...head, ...body]
}

function around(index: number): number[] {
  return Array.from({ length: 2 * CONTEXT + 1 }, (_, n) => index - CONTEXT + n)
}

const SIGNS = { same: ' ', old: '-', new: '+' } as const

function lineText({ kind, number, text }: DiffLine, digits: number, look: Look): string {
  const line = `${`${number}`.padStart(digits)} ${SIGNS[kind]} ${plain(text)}`.trimEnd()
  if (kind === 'same') return paint(look, 'dim', line)
  return paint(look, kind === 'old' ? 'red' : 'green', line)
}
