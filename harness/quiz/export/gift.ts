import { plainText } from '../../markdown/content.ts'
import type { KeyRow, Option, Question, Quiz } from '../question.ts'
import { blocksToHtml, explanationToHtml, inlinesToHtml } from './html.ts'
import { keyNumber } from './key-number.ts'
import { type Exported, type Refusal, refusal } from './refusal.ts'

/** Weights that Moodle takes, of an answer right or wrong (question/engine/bank.php, `fraction_options_full`). */
const WEIGHTS = [
  ...[100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30],
  ...[25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10, 5, 0],
]

/**
 * A quiz in Moodle's GIFT (docs.moodle.org, "GIFT format"), with a feedback for each option and the explanation as general
 * feedback. GIFT has no place for hints, points and options that stay in order; what it would grade otherwise is refused.
 */
export function toGift(quiz: Quiz): Exported<string> {
  const written = quiz.questions.map(giftQuestion)
  const texts = written.filter((one) => typeof one === 'string')
  return {
    content: [`// ${oneLine(quiz.title)}, Kafka ${oneLine(quiz.kafka)}\n`, ...texts].join('\n'),
    refused: written.filter((one) => typeof one !== 'string'),
  }
}

function giftQuestion(question: Question): string | Refusal {
  const answers = answersOf(question)
  if (typeof answers === 'string') return refusal(question, answers)
  const unit = question.kind === 'numeric' ? question.unit : null
  const asked = blocksToHtml(question.stem) + (unit ? `<p>Answer in ${inlinesToHtml([text(unit)])}.</p>` : '')
  const explanation = explanationToHtml(question)
  return [
    `// [id:${question.id}]`,
    `::${escaped(question.title)}::[html]${escaped(asked)}{${question.kind === 'numeric' ? '#' : ''}`,
    ...answers.map((answer) => `\t${answer}`),
    ...(explanation === '' ? [] : [`\t####${html(explanation)}`]),
    '}\n',
  ].join('\n')
}

/** The lines between the braces, or why there are none. */
function answersOf(question: Question): string[] | string {
  switch (question.kind) {
    case 'single':
      return single(question.options)
    case 'multiple':
      return multiple(question.options)
    case 'match':
      return [
        ...question.pairs.map(({ item, match }) => pair(html(inlinesToHtml(item)), plainText(match))),
        ...question.surplus.map((match) => pair('', plainText(match))),
      ]
    case 'numeric':
      return numbers(question.rows, question.unit)
    case 'text':
      return question.isCaseExact ? 'GIFT cannot say that capital letters count' : texts(question.rows)
    case 'order':
      return 'GIFT has no questions whose answer is an order'
    case 'output':
      return 'GIFT has no answers of several lines that are graded'
  }
}

function single(options: readonly Option[]): string[] | string {
  if (!options.some(({ isRight, credit }) => isRight && credit === 100)) {
    return 'no option is worth all points, which GIFT takes for a question with several answers'
  }
  return weighted(options, ({ isRight, credit }) => (isRight && credit === 100 ? null : credit))
}

/** Weights as they are counted here: a share of the right ones each, and minus a share of the wrong ones. */
function multiple(options: readonly Option[]): string[] | string {
  const right = options.filter(({ isRight }) => isRight).length
  return weighted(options, ({ isRight }) => (isRight ? 100 / right : -100 / (options.length - right)))
}

/** `weightOf` gives percent, and null for the one that is right. */
function weighted(
  options: readonly Option[],
  weightOf: (option: Option) => number | null,
): string[] | string {
  const unknown = options.map(weightOf).find((weight) => weight !== null && !isWeight(weight))
  if (typeof unknown === 'number') return noWeight(unknown)
  return options.map((option) => {
    const weight = weightOf(option)
    const mark = weight === null ? '=' : weight === 0 ? '~' : `~%${rounded(weight)}%`
    const said = inlinesToHtml(option.of) + blocksToHtml(option.more)
    return mark + html(said) + feedback(blocksToHtml(option.feedback))
  })
}

function numbers(rows: readonly KeyRow[], unit: string | null): string[] | string {
  return keyed(rows, (row) => {
    const key = keyNumber(row, unit)
    return key && escaped(`${key.value}`) + (key.tolerance > 0 ? `:${key.tolerance}` : '')
  })
}

/** `*` stands for any text in Moodle, and an arrow makes a matching question of it. */
function texts(rows: readonly KeyRow[]): string[] | string {
  return keyed(rows, ({ wanted }) => {
    if (wanted.includes('*') || wanted.includes('->')) return null
    return escaped(wanted.startsWith('[') ? `[plain]${wanted}` : wanted)
  })
}

function keyed(rows: readonly KeyRow[], keyOf: (row: KeyRow) => string | null): string[] | string {
  const lines: string[] = []
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null) return `GIFT cannot say the answer ${row.wanted}`
    if (!isWeight(row.credit)) return noWeight(row.credit)
    lines.push(`=%${row.credit}%${key}${feedback(inlinesToHtml(row.feedback))}`)
  }
  return lines
}

function pair(item: string, match: string): string {
  return `=${item} -> ${escaped(match)}`
}

function feedback(said: string): string {
  return said === '' ? '' : `#${html(said)}`
}

function isWeight(weight: number): boolean {
  return WEIGHTS.includes(rounded(Math.abs(weight)))
}

function noWeight(weight: number): string {
  return `Moodle has no weight of ${rounded(weight)} percent`
}

function rounded(weight: number): number {
  return Number(weight.toFixed(5))
}

/** A bracket at the beginning would be taken for the name of a format, so the name is said. */
function html(said: string): string {
  return escaped(said.startsWith('[') ? `[html]${said}` : said)
}

function escaped(said: string): string {
  return said.replace(/[\\~=#{}:]/g, '\\$&').replaceAll('\n', '\\n')
}

function oneLine(said: string): string {
  return said.replace(/\s+/g, ' ')
}

function text(said: string) {
  return { kind: 'text', text: said } as const
}
