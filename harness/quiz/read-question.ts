import type { Block, Problem } from '../markdown/content.ts'
import { type Inline, plainText } from '../markdown/content.ts'
import { KINDS, type Kind, type Question } from './question.ts'
import { type AnswerBlock, answerShape, readAnswer } from './read-answer.ts'
import type { Section } from './section.ts'
import { isId, Settings } from './settings.ts'

const QUESTION_KEYS = [
  'id',
  'type',
  'points',
  'exercise',
  'objective',
  'proof',
  'unit',
  'case',
  'run',
  'shuffle',
] as const

/** Reads one question; null when it has an error, which is told in `problems`. */
export function readQuestion({ title, line, blocks }: Section, problems: Problem[]): Question | null {
  const before = errors(problems)
  const refuse = (at: number, rule: string, message: string) =>
    problems.push({ line: at, level: 'error', rule, message })
  const [comment, ...content] = blocks.filter(({ kind }) => kind !== 'fold')
  if (comment?.kind !== 'comment' || !/^q\s/.test(comment.text)) {
    refuse(line, 'question-head', 'under the title of a question stands <!-- q id=... -->')
    return null
  }
  const settings = Settings.ofWords(comment.text.slice(2), comment.line, QUESTION_KEYS, problems)
  const id = settings.text('id') ?? ''
  if (!isId(id)) settings.refuse('id', 'a question has an id=of-small-letters-and-dashes')
  const type = settings.text('type')
  if (type !== undefined && !(KINDS as readonly string[]).includes(type)) {
    settings.refuse('type', `type is one of ${KINDS.join(', ')}, not "${type}"`)
  }
  const parts = partsOf(content, type, line, refuse)
  if (!parts) return null
  const answer = readAnswer(parts.answer, settings, problems)
  if (parts.stem.length === 0) refuse(line, 'stem', 'nothing is asked: write a sentence under the title')
  const points = settings.number('points', 1, 1, 10)
  if (answer) refuseMisfits(answer.kind, type, settings)
  if (!answer || errors(problems) > before) return null
  return {
    id,
    title,
    line,
    points,
    stem: parts.stem,
    hint: parts.hint,
    ...explained(parts.explanation),
    exercise: settings.text('exercise') ?? null,
    objective: settings.text('objective') ?? id,
    proof: settings.text('proof') ?? null,
    ...answer,
  }
}

/** Settings that mean something for some kinds of answer only. */
const KINDS_WITH: Record<string, readonly Kind[]> = {
  unit: ['numeric'],
  case: ['text'],
  run: ['numeric', 'output'],
  shuffle: ['single', 'multiple'],
}

/** What is set, and would mean nothing: most often another type was meant. */
function refuseMisfits(kind: Kind, type: string | undefined, settings: Settings): void {
  if (type !== undefined && type !== kind && (KINDS as readonly string[]).includes(type)) {
    settings.refuse('type', `type is "${type}", and the answer below is that of "${kind}"`)
  }
  for (const [key, kinds] of Object.entries(KINDS_WITH)) {
    if (settings.text(key) !== undefined && !kinds.includes(kind)) {
      settings.refuse('misfit', `${key} means nothing where the answer is of type "${kind}"`)
    }
  }
}

/** The explanation, and its last line `Source: ...` apart. */
function explained(blocks: readonly Block[]): { explanation: Block[]; source: Inline[] | null } {
  const last = blocks.at(-1)
  if (last?.kind !== 'paragraph') return { explanation: [...blocks], source: null }
  const at = last.of.findIndex((one) => one.kind === 'text' && /(^|\n)Source: $/.test(one.text))
  const marked = last.of[at]
  if (marked?.kind !== 'text') return { explanation: [...blocks], source: null }
  const text = marked.text.replace(/\n?Source: $/, '')
  const words = [...last.of.slice(0, at), ...(text === '' ? [] : [{ ...marked, text }])]
  const before = words.length === 0 ? [] : [{ ...last, of: words }]
  return { explanation: [...blocks.slice(0, -1), ...before], source: last.of.slice(at + 1) }
}

function errors(problems: readonly Problem[]): number {
  return problems.filter(({ level }) => level === 'error').length
}

interface Parts {
  stem: Block[]
  hint: Block[] | null
  answer: AnswerBlock
  explanation: Block[]
}

type Refuse = (line: number, rule: string, message: string) => void

/** Stem, `> [!TIP]`, answer, `> [!NOTE]`: in this order, one of each at most. */
function partsOf(content: Block[], type: string | undefined, line: number, refuse: Refuse): Parts | null {
  const stem: Block[] = []
  let hint: Block[] | null = null
  let answer: AnswerBlock | null = null
  let explanation: Block[] | null = null
  for (const block of content) {
    const shape = answerShape(block, type)
    const alert = alertOf(block)
    if (block.kind === 'heading') refuse(block.line, 'heading', 'no headings inside a question')
    else if (block.kind === 'comment') refuse(block.line, 'comment', 'a comment that means nothing here')
    else if (alert?.name === 'TIP' && !answer && !hint) hint = alert.of
    else if (alert?.name === 'NOTE' && answer && !explanation) explanation = alert.of
    else if (alert)
      refuse(
        block.line,
        'alert',
        `[!${alert.name}] does not stand here: [!TIP] before the answer, [!NOTE] after it`,
      )
    else if (shape === 'key-program') {
      if (answer?.shape === 'key-table' && type === 'numeric' && !answer.keyProgram) answer.keyProgram = block
      else
        refuse(
          block.line,
          'key-program',
          'one "ts key" stands behind the table of a number, and nowhere else',
        )
    } else if (shape && !answer) answer = { shape, block, program: lastCode(stem), keyProgram: null }
    else if (shape) refuse(block.line, 'two-answers', 'a second block that looks like an answer')
    else if (answer) refuse(block.line, 'after-answer', 'after the answer there is only > [!NOTE]')
    else stem.push(block)
  }
  if (!answer) {
    refuse(line, 'no-answer', 'no list of [ ] and [x], no table and no output says what is right')
    return null
  }
  return { stem, hint, answer, explanation: explanation ?? [] }
}

function lastCode(stem: readonly Block[]): Block | null {
  return stem.findLast(({ kind }) => kind === 'code') ?? null
}

/** GitHub's alerts: a quote whose first line is `[!TIP]`. */
function alertOf(block: Block): { name: string; of: Block[] } | null {
  if (block.kind !== 'quote') return null
  const [first, ...rest] = block.of
  if (first?.kind !== 'paragraph') return null
  const [, name] = /^\[!([A-Z]+)\]\s*/.exec(plainText(first.of)) ?? []
  if (name === undefined) return null
  const of = withoutStart(first.of)
  return { name, of: of.length === 0 ? rest : [{ ...first, of }, ...rest] }
}

/** The paragraph without its `[!TIP]`. */
function withoutStart([first, ...rest]: readonly Inline[]): Inline[] {
  if (first?.kind !== 'text') return [...rest]
  const text = first.text.replace(/^\[![A-Z]+\]\s*/, '')
  return text === '' ? rest : [{ ...first, text }, ...rest]
}
