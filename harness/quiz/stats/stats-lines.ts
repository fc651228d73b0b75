import { indented, narrower } from '../../markdown/terminal.ts'
import { type Look, paint, plain, wrap } from '../../report/style.ts'
import type { ChoiceStats } from './choices.ts'
import type { Interval } from './estimates.ts'
import { LEAST_LEARNERS } from './item-rest.ts'
import type { MistakeStats } from './mistakes.ts'
import type { QuestionStats, QuizStats } from './stats.ts'

/** The statistics of a class for a terminal. What comes from the journals is made harmless for it. */
export function statsLines(stats: QuizStats, look: Look): string[] {
  const ranked = stats.questions.filter(({ rank }) => rank !== null)
  const tooFew = stats.questions.filter(({ rank }) => rank === null)
  const few = `Fewer than ${LEAST_LEARNERS} learners: too few to rank`
  return [
    '',
    ...sourceLines(stats).flatMap((line) => text(line, look)),
    ...section('The hardest first', tableLines(ranked, look), look),
    ...section(few, tableLines(tooFew, look), look),
    ...legend(stats.questions).flatMap((line) => ['', ...text(line, look)]),
    ...section(
      'What was chosen',
      stats.questions.flatMap((one) => choiceLines(one, look)),
      look,
    ),
    ...section('Mistakes by name', mistakeLines(stats.mistakes, look), look),
    ...section('Wrong, and sure of it', sureLines(stats.questions, look), look),
    '',
  ]
}

const NO_ANSWERS = ', and no answer is in it; a learner has them in .workbook/quiz.jsonl'

const INTERVAL =
  '95 %: the share of right answers that a larger class like this one would have lies in there.'
const ITEM_REST =
  'r: correlation with the rest of the quiz (how many it is from, if not from all). ' +
  'Near 0 or below, the question does not tell who knows the topic: read it again. -: it cannot be said.'

/** Explains what is in the tables, and nothing else. */
function legend(questions: readonly QuestionStats[]): string[] {
  const hasRank = questions.some(({ rank }) => rank !== null)
  const hasOld = questions.some(({ title }) => title === null)
  return [
    ...(questions.length > 0 ? [INTERVAL] : []),
    ...(hasRank ? [ITEM_REST] : []),
    ...(hasOld ? ['*: a version that no quiz has any more.'] : []),
  ]
}

function section(title: string, lines: readonly string[], look: Look): string[] {
  return lines.length > 0 ? ['', `  ${paint(look, 'bold', title)}`, ...lines] : []
}

function text(line: string, look: Look): string[] {
  return indented(wrap(plain(line), narrower(look, 2).width), '  ')
}

function sourceLines({ learners, firstAnswers, laterAnswers, files, sameLearner }: QuizStats): string[] {
  const broken = files.filter(({ brokenLines }) => brokenLines.length > 0)
  return [
    `${counted(learners, 'learner')}, ${counted(firstAnswers, 'first answer')}; ${laterAnswers} later ones do not count`,
    ...broken.map(
      ({ name, answers, brokenLines }) =>
        `${name}: ${counted(brokenLines.length, 'line')} could not be read (${shortList(brokenLines)})${answers > 0 ? '' : NO_ANSWERS}`,
    ),
    ...sameLearner.map((names) => `${names.join(', ')}: share answers, so they count as one learner`),
  ]
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

const MOST_LINES = 5

function shortList(lines: readonly number[]): string {
  return `${lines.slice(0, MOST_LINES).join(', ')}${lines.length > MOST_LINES ? ', ...' : ''}`
}

/** So many of the heads stand over names. */
const NAMES = 2
const HEADS = ['question', 'version', 'n', 'right', '95 %', 'time', 'r']

/** Names to the left, numbers to the right; in a narrow terminal, the numbers below the names. */
function tableLines(questions: readonly QuestionStats[], look: Look): string[] {
  if (questions.length === 0) return []
  const rows = [HEADS, ...questions.map(rowOf)]
  const widths = HEADS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const isWide = widths.reduce((sum, width) => sum + width + 2, 0) <= look.width
  const [head = [], ...body] = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at < NAMES ? cell.padEnd(isWide ? (widths[at] ?? 0) : 0) : cell.padStart(widths[at] ?? 0),
    )
    if (isWide) return [`  ${cells.join('  ')}`]
    return [...text(cells.slice(0, NAMES).join('  '), look), `    ${cells.slice(NAMES).join('  ')}`]
  })
  return [...head.map((line) => paint(look, 'dim', line)), ...body.flat()]
}

function rowOf({
  question,
  title,
  version,
  n,
  share,
  interval,
  medianMs,
  itemRest,
}: QuestionStats): string[] {
  const from = itemRest.n === n ? '' : ` (${itemRest.n})`
  return [
    question,
    title === null ? `${version}*` : version,
    `${n}`,
    percent(share),
    range(interval),
    seconds(medianMs),
    itemRest.r === null ? '-' : `${itemRest.r.toFixed(2)}${from}`,
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function range([low, high]: Interval): string {
  return `${Math.round(low * 100)}-${Math.round(high * 100)}`
}

function seconds(ms: number): string {
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}

function choiceLines({ question, version, n, choices, others }: QuestionStats, look: Look): string[] {
  if (!choices) return []
  const rest = others ? [`${percent(others / n).padStart(5)}         none of these`] : []
  return [
    `  ${question} ${paint(look, 'dim', `${version}, n ${n}`)}`,
    ...choices.flatMap((choice) => choiceLine(choice, look)),
    ...rest.map((line) => `    ${line}`),
  ]
}

function choiceLine({ text: words, isRight, count, share }: ChoiceStats, look: Look): string[] {
  const mark = isRight ? 'right' : 'wrong'
  const start = `${count === 0 ? 'never' : percent(share).padStart(5)}  ${mark}  `
  const [first = '', ...rest] = wrap(plain(words), narrower(look, 4 + start.length).width)
  const painted = count === 0 ? paint(look, 'yellow', start) : start
  return [`    ${painted}${first}`, ...indented(rest, ' '.repeat(4 + start.length))]
}

function mistakeLines(mistakes: readonly MistakeStats[], look: Look): string[] {
  return mistakes.flatMap(({ idea, claim, learners, exercises, questions }) => {
    const name = idea === null ? `docs/often-said.md row ${claim}` : idea
    const where = exercises.length > 0 ? `, exercise ${exercises.join(', ')}` : ''
    return text(`${counted(learners, 'learner')}: ${name}${where} (${questions.join(', ')})`, look)
  })
}

/** Those errors that are mended best once they are told. */
function sureLines(questions: readonly QuestionStats[], look: Look): string[] {
  const missed = questions
    .filter(({ sureAndWrong }) => sureAndWrong > 0)
    .sort((a, b) => b.sureAndWrong - a.sureAndWrong)
  return missed.flatMap(({ question, version, sure, sureAndWrong }) =>
    text(`${sureAndWrong} of ${sure} who were sure: ${question} ${version}`, look),
  )
}
