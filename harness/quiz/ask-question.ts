import { plainText } from '../markdown/content.ts'
import { renderBlocks } from '../markdown/terminal.ts'
import { type Look, paint } from '../report/style.ts'
import type { Asker, Choice } from './asker.ts'
import type { Dealt } from './deal.ts'
import type { Given } from './grade.ts'
import type { Question } from './question.ts'

/** An answer, and whether the hint was looked at before. */
interface Reply {
  given: Given
  hinted: boolean
}

/** Whoever answers: a human at a terminal, or a file. */
export type Answerer = (dealt: Dealt) => Promise<Reply>

const HINT: Choice = { id: '?', name: '(show the hint)' }

const WORDS: Record<Question['kind'], string> = {
  single: 'one answer',
  multiple: 'all that are right',
  order: 'put in order',
  match: 'match, each choice at most once',
  numeric: 'a number',
  text: 'type it',
  output: 'what does it print',
}

/** A question as it is shown: what stands above the prompt. */
export function questionLines({ quiz, question }: Dealt, position: string, look: Look): string[] {
  return [
    '',
    paint(look, 'dim', `${position}  ${quiz.title} · ${WORDS[question.kind]}`),
    paint(look, 'bold', question.title),
    '',
    ...renderBlocks(question.stem, look),
    '',
  ]
}

/** Asks a human, as often as the hint is wanted first. */
export function askingOf(asker: Asker, look: Look): Answerer {
  return async (dealt) => {
    const hint = dealt.question.hint
    let hinted = false
    for (;;) {
      const given = await ask(asker, dealt, hint !== null && !hinted)
      if (given !== 'hint') return { given, hinted }
      hinted = true
      asker.tell(['', ...renderBlocks(hint ?? [], look), ''])
    }
  }
}

function ask(asker: Asker, dealt: Dealt, hasHint: boolean): Promise<Given | 'hint'> {
  const { question } = dealt
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return choose(asker, dealt, hasHint)
    case 'order':
      return putInOrder(asker, dealt, question.items.map(plainText), hasHint)
    case 'match':
      return match(asker, dealt, hasHint)
    case 'output':
      return typeOutput(asker, hasHint)
    default: {
      const unit = question.kind === 'numeric' && question.unit ? ` in ${question.unit}` : ''
      return typeLine(asker, `Your answer${unit}${hasHint ? ' (? for the hint)' : ''}:`, hasHint)
    }
  }
}

async function choose(asker: Asker, { question, shown }: Dealt, hasHint: boolean): Promise<Given | 'hint'> {
  if (question.kind !== 'single' && question.kind !== 'multiple') throw new Error('no choice')
  const options = shown.flatMap((at) => question.options[at] ?? [])
  const choices = [...options.map(({ id, of }) => ({ id, name: plainText(of) })), ...(hasHint ? [HINT] : [])]
  if (question.kind === 'single') {
    const option = await asker.pick('Your answer', choices)
    return option === HINT.id ? 'hint' : { kind: 'single', option }
  }
  const picked = await asker.pickSeveral('Your answers', choices)
  return picked.includes(HINT.id) ? 'hint' : { kind: 'multiple', options: picked }
}

async function putInOrder(
  asker: Asker,
  { shown }: Dealt,
  names: string[],
  hasHint: boolean,
): Promise<Given | 'hint'> {
  const left = [...shown]
  const order: number[] = []
  while (left.length > 1) {
    const choices = left.map((at) => ({ id: `${at}`, name: names[at] ?? '' }))
    const id = await asker.pick(
      `What comes ${order.length === 0 ? 'first' : 'next'}?`,
      hasHint ? [...choices, HINT] : choices,
    )
    if (id === HINT.id) return 'hint'
    order.push(Number(id))
    left.splice(left.indexOf(Number(id)), 1)
  }
  return { kind: 'order', order: [...order, ...left] }
}

async function match(asker: Asker, { question, shown }: Dealt, hasHint: boolean): Promise<Given | 'hint'> {
  if (question.kind !== 'match') throw new Error('no pairs')
  const names = [...question.pairs.map((pair) => pair.match), ...question.surplus].map(plainText)
  const matches: (number | null)[] = []
  for (const { item } of question.pairs) {
    const choices = shown
      .filter((at) => !matches.includes(at))
      .map((at) => ({ id: `${at}`, name: names[at] ?? '' }))
    const id = await asker.pick(plainText(item), hasHint ? [...choices, HINT] : choices)
    if (id === HINT.id) return 'hint'
    matches.push(Number(id))
  }
  return { kind: 'match', matches }
}

async function typeLine(asker: Asker, message: string, hasHint: boolean): Promise<Given | 'hint'> {
  const text = await asker.line(message)
  return hasHint && text.trim() === '?' ? 'hint' : { kind: 'typed', text }
}

/** Lines, up to an empty one. */
async function typeOutput(asker: Asker, hasHint: boolean): Promise<Given | 'hint'> {
  const lines: string[] = []
  for (;;) {
    const message =
      lines.length === 0 ? `It prints${hasHint ? ' (? for the hint)' : ''}, an empty line ends it:` : '...'
    const line = await asker.line(message)
    if (hasHint && lines.length === 0 && line.trim() === '?') return 'hint'
    if (line.trim() === '') return { kind: 'typed', text: lines.join('\n') }
    lines.push(line)
  }
}
