import { plainText } from '../markdown/content.ts'
import { indented, narrower, renderBlocks, renderInlines } from '../markdown/terminal.ts'
import { type Look, paint } from '../report/style.ts'
import type { Dealt } from './deal.ts'
import { type Given, type Grade, rightAnswer } from './grade.ts'
import type { Option, Question, Quiz, WrongIdea } from './question.ts'

/** What is said after an answer: right or not, why what was chosen is wrong, what is right, and why. */
export function feedbackLines({ quiz, question }: Dealt, given: Given, graded: Grade, look: Look): string[] {
  const inner = narrower(look, 4)
  return [
    '',
    verdict(graded.credit, look),
    ...indented(chosenLines(question, given, graded, inner), '    '),
    ...(graded.credit < 1 ? ['', ...indented(rightLines(question, inner), '    ')] : []),
    '',
    ...indented(renderBlocks(question.explanation, inner), '    '),
    ...indented(sourceLines(question, inner), '    '),
    ...trainingLines(quiz, question, graded).map((line) => `    ${line}`),
    '',
  ]
}

function verdict(credit: number, look: Look): string {
  if (credit >= 1) return `  ${paint(look, 'green', look.ticks ? '✓ right' : 'RIGHT')}`
  if (credit > 0) return `  ${paint(look, 'yellow', `partly right: ${Math.round(credit * 100)} %`)}`
  return `  ${paint(look, 'red', look.ticks ? '✗ not right' : 'NOT RIGHT')}`
}

/** Every option that was picked, with its own feedback; and the right ones that were not. */
function chosenLines(question: Question, given: Given, { row }: Grade, look: Look): string[] {
  if ('options' in question) {
    const picked = given.kind === 'single' ? [given.option] : given.kind === 'multiple' ? given.options : []
    const said = question.options.filter(({ id, isRight }) => picked.includes(id) || isRight)
    return said.flatMap((option) => optionLines(option, picked.includes(option.id), look))
  }
  return row && row.feedback.length > 0 ? renderInlines(row.feedback, look) : []
}

function optionLines(option: Option, isPicked: boolean, look: Look): string[] {
  const mark = option.isRight ? (isPicked ? 'right' : 'missed') : 'wrong'
  const colour = option.isRight ? 'green' : 'red'
  const name = `${mark}: ${plainText(option.of)}`
  return [paint(look, colour, name), ...indented(renderBlocks(option.feedback, narrower(look, 2)), '  ')]
}

/** The right answer to what has no options: their feedback says it already. */
function rightLines(question: Question, look: Look): string[] {
  const right = rightAnswer(question)
  switch (question.kind) {
    case 'order':
      return ['In order:', ...question.items.map((item, index) => `${index + 1}. ${plainText(item)}`)]
    case 'match':
      return question.pairs.map(({ item, match }) => `${plainText(item)}: ${plainText(match)}`)
    case 'output':
      return ['It prints:', ...indented(question.output.split('\n'), '    ')]
    case 'numeric':
    case 'text': {
      const unit = question.kind === 'numeric' && question.unit ? ` ${question.unit}` : ''
      return [paint(look, 'green', `The answer: ${right.kind === 'typed' ? right.text : ''}${unit}`)]
    }
    default:
      return []
  }
}

function sourceLines({ source }: Question, look: Look): string[] {
  return source ? renderInlines([{ kind: 'text', text: 'Source: ' }, ...source], look) : []
}

/** The exercise that trains what went wrong. */
function trainingLines(quiz: Quiz, question: Question, { wrong, credit }: Grade): string[] {
  if (credit >= 1) return []
  const numbers = new Set(wrong.flatMap((one) => exerciseFor(one, quiz) ?? []))
  if (numbers.size === 0 && question.exercise) numbers.add(question.exercise)
  return [...numbers].map((number) => `Exercise ${number} has you do it:  npm test ${number}`)
}

/** The number of the exercise for a wrong idea: `05/math-abs`, or one of the quiz's own. */
export function exerciseFor({ idea }: WrongIdea, quiz: Quiz): string | undefined {
  if (idea === undefined) return undefined
  return quiz.ideas.get(idea) ?? /^(\d\d)\//.exec(idea)?.[1]
}
