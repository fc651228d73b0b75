import { fits, readQuantity, readWanted } from './quantity.ts'
import type { KeyRow, Option, Question } from './question.ts'

/**
 * What was answered, in a form that outlives shuffling: ids of options, positions in the key, or what was typed.
 * `order`: indices of the items, as they were put. `match`: for each pair, the index of the match that was chosen (matches of
 * the pairs first, then the surplus); null for none.
 */
export type Given =
  | { kind: 'single'; option: string | null }
  | { kind: 'multiple'; options: string[] }
  | { kind: 'order'; order: number[] }
  | { kind: 'match'; matches: (number | null)[] }
  | { kind: 'typed'; text: string }

/** What an answer is worth, and what there is to say about it. */
export interface Grade {
  /** From 0 to 1. */
  credit: number
  /** The options, or the row of the key, that the answer chose or should have left alone. */
  wrong: (Option | KeyRow)[]
  /** The row of the key that fitted, right or wrong. */
  row: KeyRow | null
}

/** Grades one answer. Pure: the same question and answer give the same grade. An empty answer is worth 0. */
export function grade(question: Question, given: Given): Grade {
  switch (question.kind) {
    case 'single':
      return single(question.options, given.kind === 'single' ? given.option : null)
    case 'multiple':
      return multiple(question.options, given.kind === 'multiple' ? given.options : [])
    case 'order':
      return plain(ordered(given.kind === 'order' ? given.order : [], question.items.length))
    case 'match':
      return plain(matched(given.kind === 'match' ? given.matches : [], question.pairs.length))
    case 'numeric':
      return byRow(question.rows.find((row) => isNumber(row, typed(given), question.unit)))
    case 'text':
      return byRow(question.rows.find((row) => isText(row, typed(given), question.isCaseExact)))
    case 'output':
      return plain(sameLines(typed(given), question.output) ? 1 : 0)
  }
}

function typed(given: Given): string {
  return given.kind === 'typed' ? given.text : ''
}

function plain(credit: number): Grade {
  return { credit, wrong: [], row: null }
}

function single(options: readonly Option[], chosen: string | null): Grade {
  const option = options.find(({ id }) => id === chosen)
  return { credit: (option?.credit ?? 0) / 100, wrong: option && !option.isRight ? [option] : [], row: null }
}

/** Share of the right ones picked, less share of the wrong ones picked: to pick all is worth nothing. */
function multiple(options: readonly Option[], chosen: readonly string[]): Grade {
  const picked = options.filter(({ id }) => chosen.includes(id))
  const [right, wrong] = [options.filter(({ isRight }) => isRight), options.filter(({ isRight }) => !isRight)]
  const share = (of: readonly Option[]) =>
    of.length === 0 ? 0 : of.filter((one) => picked.includes(one)).length / of.length
  return {
    credit: Math.max(0, share(right) - share(wrong)),
    wrong: wrong.filter((one) => picked.includes(one)),
    row: null,
  }
}

/** The longest run that stands in the right order, less one, of all but one. */
function ordered(order: readonly number[], count: number): number {
  const isWhole = [...order].sort((a, b) => a - b).every((item, at) => item === at)
  if (!isWhole || order.length !== count) return 0
  const longest: number[] = []
  for (const [at, item] of order.entries()) {
    const before = longest.filter((_, index) => (order[index] as number) < item)
    longest[at] = 1 + Math.max(0, ...before)
  }
  return (Math.max(...longest) - 1) / (count - 1)
}

function matched(matches: readonly (number | null)[], count: number): number {
  return Array.from({ length: count }, (_, index) => matches[index] === index).filter(Boolean).length / count
}

function byRow(row: KeyRow | undefined): Grade {
  if (!row) return plain(0)
  return { credit: row.credit / 100, wrong: row.credit < 100 ? [row] : [], row }
}

function isNumber(row: KeyRow, text: string, unit: string | null): boolean {
  const [given, wanted] = [readQuantity(text), readWanted(row.wanted)]
  return given !== null && wanted !== null && fits(given, wanted, unit)
}

/** Unicode in one form, blanks as one, and capital letters as small ones unless they count. */
function isText(row: KeyRow, text: string, isCaseExact: boolean): boolean {
  const normal = (one: string) => {
    const words = one.normalize('NFC').trim().replace(/\s+/g, ' ')
    return isCaseExact ? words : words.toLowerCase()
  }
  return normal(text) !== '' && normal(text) === normal(row.wanted)
}

function sameLines(text: string, output: string): boolean {
  const lines = (one: string) =>
    one
      .replace(/\s+$/, '')
      .split('\n')
      .map((line) => line.trimEnd())
  return text.trim() !== '' && lines(text).join('\n') === lines(output).join('\n')
}

/** The answer that is fully right, as it would be given: for tests, and for what is shown after a wrong one. */
export function rightAnswer(question: Question): Given {
  switch (question.kind) {
    case 'single':
      return { kind: 'single', option: question.options.find(({ isRight }) => isRight)?.id ?? null }
    case 'multiple':
      return {
        kind: 'multiple',
        options: question.options.filter(({ isRight }) => isRight).map(({ id }) => id),
      }
    case 'order':
      return { kind: 'order', order: question.items.map((_, index) => index) }
    case 'match':
      return { kind: 'match', matches: question.pairs.map((_, index) => index) }
    case 'output':
      return { kind: 'typed', text: question.output }
    default: {
      const [main = ''] = (question.rows.find(({ credit }) => credit === 100)?.wanted ?? '').split('±')
      return { kind: 'typed', text: main.trim() }
    }
  }
}
