import { createHash } from 'node:crypto'
import {
  type Block,
  type Cell,
  type Inline,
  type ListItem,
  type Problem,
  plainText,
} from '../markdown/content.ts'
import type { Answer, KeyRow, Option, Program, WrongIdea } from './question.ts'
import { Settings } from './settings.ts'

export type Shape = 'choice' | 'order' | 'key-table' | 'match-table' | 'output' | 'key-program'

export interface AnswerBlock {
  shape: Shape
  block: Block
  /** The last code of the stem: the program whose output is asked for. */
  program: Block | null
  /** A fence `ts key`, whose output is the number that is wanted. */
  keyProgram: Block | null
}

/** What a block says by its shape alone: the answer, or null for text. `type` is what the question says of itself. */
export function answerShape(block: Block, type: string | undefined): Shape | null {
  switch (block.kind) {
    case 'list':
      if (block.items.some(({ isChecked }) => isChecked !== undefined)) return 'choice'
      return block.isOrdered && type === 'order' ? 'order' : null
    case 'table':
      if (headIs(block.head, 'Answer', 'Credit', 'Feedback')) return 'key-table'
      return headIs(block.head, 'Item', 'Match') ? 'match-table' : null
    case 'code':
      if (block.info === 'output') return 'output'
      return /^ts key\b/.test(block.info) ? 'key-program' : null
    default:
      return null
  }
}

function headIs(head: readonly Cell[], ...names: string[]): boolean {
  return head.map(({ of }) => plainText(of).trim()).join('|') === names.join('|')
}

/** Reads the answer of a question; null when it has an error. */
export function readAnswer(answer: AnswerBlock, settings: Settings, problems: Problem[]): Answer | null {
  const { block, shape } = answer
  if (shape === 'choice' && block.kind === 'list') return choice(block.items, settings, problems)
  if (shape === 'order' && block.kind === 'list') return order(block.items, settings, problems)
  if (shape === 'key-table' && block.kind === 'table') return keyTable(answer, settings, problems)
  if (shape === 'match-table' && block.kind === 'table') return matching(block, settings)
  if (shape === 'output' && block.kind === 'code') return output(answer, block.text, settings)
  return null
}

function choice(items: readonly ListItem[], settings: Settings, problems: Problem[]): Answer | null {
  const noTask = items.find(({ isChecked }) => isChecked === undefined)
  if (noTask) {
    problems.push({
      line: noTask.line,
      level: 'error',
      rule: 'no-task',
      message: 'this item has no [ ] or [x], with a space behind it',
    })
    return null
  }
  const options = items.map((item) => optionOf(item, problems))
  const right = options.filter(({ isRight }) => isRight)
  if (right.length === 0) settings.refuse('no-right-option', 'no option is marked with [x]')
  if (options.length < 2) settings.refuse('one-option', 'a choice has two options at least')
  const twice = options.find(({ id }, index) => options.findIndex((one) => one.id === id) !== index)
  if (twice) settings.refuse('same-option', `two options say "${plainText(twice.of).trim()}"`)
  const isMultiple = right.length > 1 || settings.text('type') === 'multiple'
  if (isMultiple && right.length === options.length)
    settings.refuse('all-right', 'every option is right: nothing is asked')
  return { kind: isMultiple ? 'multiple' : 'single', options, isShuffled: !settings.isSet('shuffle', 'no') }
}

const OPTION_KEYS = ['m', 'claim', 'credit']

function optionOf({ line, isChecked, of }: ListItem, problems: Problem[]): Option {
  const [words, ...rest] = of
  const inlines = words?.kind === 'paragraph' ? words.of : []
  const comments = inlines.flatMap((one) => (one.kind === 'comment' ? one.text : []))
  const settings = Settings.ofWords(comments.join(' '), line, OPTION_KEYS, problems)
  const said = trimmed(inlines.filter(({ kind }) => kind !== 'comment'))
  if (said.length === 0) settings.refuse('no-words', 'an option begins with words, on the line of its box')
  if (rest.some(({ kind }) => kind === 'comment'))
    settings.refuse('comment', 'the comment of an option stands at the end of its words, on the same line')
  const quotes = rest.filter(({ kind }) => kind === 'quote')
  const isRight = isChecked === true
  return {
    id: shortHash(plainText(said)),
    line,
    of: said,
    more: rest.filter(({ kind }) => kind !== 'quote'),
    isRight,
    credit: settings.number('credit', isRight ? 100 : 0, 0, 100),
    feedback: quotes.flatMap((quote) => (quote.kind === 'quote' ? quote.of : [])),
    ...wrongIdea(settings),
  }
}

function wrongIdea(settings: Settings): WrongIdea {
  const idea = settings.text('m')
  const claim = settings.text('claim') === undefined ? undefined : settings.number('claim', 0, 1, 999)
  return { ...(idea !== undefined && { idea }), ...(claim !== undefined && { claim }) }
}

/** Six hex digits of the words, so that an option keeps its name when the order changes. */
function shortHash(words: string): string {
  return createHash('sha256').update(words.trim().replace(/\s+/g, ' ')).digest('hex').slice(0, 6)
}

function order(items: readonly ListItem[], settings: Settings, problems: Problem[]): Answer | null {
  const said = items.map(({ of: [words] }) => (words?.kind === 'paragraph' ? trimmed(words.of) : []))
  for (const { line } of items.filter(({ of }, at) => of.length > 1 || said[at]?.length === 0))
    problems.push({
      line,
      level: 'error',
      rule: 'no-words',
      message: 'a thing to put in order is one line of words',
    })
  if (said.length < 3) settings.refuse('short-order', 'three things at least are put in order')
  const texts = said.map(plainText)
  if (new Set(texts).size < texts.length)
    settings.refuse('same-option', 'two things to put in order are alike')
  return { kind: 'order', items: said }
}

function matching(block: Block & { kind: 'table' }, settings: Settings): Answer | null {
  const rows = block.rows.map((row) => row.map(({ of }) => trimmed(of)))
  const pairs = rows.flatMap(([item = [], match = []]) => (item.length > 0 ? { item, match } : []))
  if (rows.some(([, match = []]) => match.length === 0))
    settings.refuse('no-words', 'every row has a match, and the surplus ones have no item')
  if (pairs.length < 2) settings.refuse('short-match', 'two pairs at least are matched')
  const matches = rows.map(([, match = []]) => plainText(match))
  if (new Set(matches).size < matches.length) settings.refuse('same-option', 'two matches are alike')
  return {
    kind: 'match',
    pairs,
    surplus: rows.flatMap(([item = [], match = []]) => (item.length === 0 ? [match] : [])),
  }
}

function keyTable(
  { block, keyProgram }: AnswerBlock,
  settings: Settings,
  problems: Problem[],
): Answer | null {
  const type = settings.text('type')
  if (type !== 'numeric' && type !== 'text') {
    settings.refuse('type', 'a table of answers needs type=numeric or type=text')
    return null
  }
  const rows =
    block.kind === 'table'
      ? block.rows.map((row, index) => keyRow(row, block.line + 2 + index, problems))
      : []
  if (!rows.some(({ credit }) => credit === 100))
    settings.refuse('no-right-option', 'no row has a credit of 100%')
  if (type === 'text') return { kind: 'text', isCaseExact: settings.isSet('case', 'exact'), rows }
  return {
    kind: 'numeric',
    unit: settings.text('unit') ?? null,
    rows,
    computed: keyProgram ? programOf(keyProgram, settings) : null,
  }
}

function keyRow([wanted, credit, feedback]: readonly Cell[], line: number, problems: Problem[]): KeyRow {
  const said = feedback?.of ?? []
  const comments = said.flatMap((one) => (one.kind === 'comment' ? one.text : []))
  const settings = Settings.ofWords(comments.join(' '), line, OPTION_KEYS, problems)
  const percent = Number(/^(\d+)\s*%$/.exec(plainText(credit?.of ?? []).trim())?.[1] ?? Number.NaN)
  if (!(percent >= 0 && percent <= 100))
    settings.refuse('credit', 'the credit is a percentage from 0% to 100%')
  return {
    line,
    wanted: plainText(wanted?.of ?? []).trim(),
    credit: percent,
    feedback: trimmed(said.filter(({ kind }) => kind !== 'comment')),
    ...wrongIdea(settings),
  }
}

function output({ program }: AnswerBlock, text: string, settings: Settings): Answer | null {
  if (!program) {
    settings.refuse('no-program', 'an output needs the program that prints it, as a code fence before it')
    return null
  }
  return { kind: 'output', output: text, program: programOf(program, settings) }
}

function programOf(block: Block, settings: Settings): Program {
  const code = block.kind === 'code' ? block.text : ''
  return { line: block.line, code, needsBroker: settings.isSet('run', 'broker') }
}

/** Without blanks at the ends. */
function trimmed(of: readonly Inline[]): Inline[] {
  const inlines = of.map((one) => ({ ...one }))
  const [first, last] = [inlines[0], inlines.at(-1)]
  if (first?.kind === 'text') first.text = first.text.trimStart()
  if (last?.kind === 'text') last.text = last.text.trimEnd()
  return inlines.filter((one) => one.kind !== 'text' || one.text !== '')
}
