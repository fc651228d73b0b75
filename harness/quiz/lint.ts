import type { Problem } from '../markdown/content.ts'
import { readWanted } from './quantity.ts'
import type { KeyRow, Option, Question, Quiz, WrongIdea } from './question.ts'
import { writingProblems } from './writing.ts'

/** What a quiz may point to. */
export interface Book {
  /** Numbers: `05`. */
  exercises: ReadonlySet<string>
  /** `05/math-abs` */
  mistakes: ReadonlySet<string>
  /** Rows of docs/often-said.md. */
  claims: number
  /** The Kafka that the workbook is tested with: `4.3.1`. */
  kafka: string
  /** Whether a proof is there: `check:08-consume-events/commit-is-next`, `parity:ID`, `test:FILE`, `play:NN`. */
  hasProof(proof: string): boolean
}

/** What is wrong with a quiz that could be read: errors in what it points to and leaves out, warnings about its wording. */
export function lintQuiz(quiz: Quiz, book: Book): Problem[] {
  const stale = holdsFor(quiz.kafka, book.kafka)
    ? []
    : [
        error(
          1,
          'kafka',
          `the quiz is about Kafka ${quiz.kafka}, and ${book.kafka} is what everything is tested with`,
        ),
      ]
  return quiz.questions
    .flatMap((question) => [...questionProblems(question, quiz, book), ...writingProblems(question)])
    .concat(stale)
    .sort((a, b) => a.line - b.line)
}

/** Whether `>=4.0` holds for 4.3.1. */
function holdsFor(range: string, version: string): boolean {
  const [major = 0, minor = 0] = range.replace('>=', '').split('.').map(Number)
  const [testedMajor = 0, testedMinor = 0] = version.split('.').map(Number)
  return testedMajor > major || (testedMajor === major && testedMinor >= minor)
}

const error = (line: number, rule: string, message: string): Problem => ({
  line,
  level: 'error',
  rule,
  message,
})

function questionProblems(question: Question, quiz: Quiz, book: Book): Problem[] {
  const { line, exercise, proof, explanation, source } = question
  const found: Problem[] = []
  if (exercise !== null && !book.exercises.has(exercise)) {
    found.push(error(line, 'exercise', `there is no exercise ${exercise}`))
  }
  if (proof !== null && !book.hasProof(proof)) found.push(error(line, 'proof', `there is no proof ${proof}`))
  if (explanation.length === 0)
    found.push(error(line, 'explanation', 'after the answer stands > [!NOTE], the explanation'))
  else if (!source?.some((one) => one.kind === 'link' && one.address.startsWith('https://'))) {
    found.push(error(line, 'source', 'the explanation ends with a line "Source: [name](https://...)"'))
  }
  return [...found, ...answerProblems(question), ...ideaProblems(question, quiz, book)]
}

function answerProblems(question: Question): Problem[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.options
        .filter(({ feedback }) => feedback.length === 0)
        .map(({ line }) =>
          error(line, 'feedback', 'an option has a quote below it that says why it is right or wrong'),
        )
    case 'numeric':
      return [...rowProblems(question.rows), ...numberProblems(question.rows)]
    case 'text':
      return rowProblems(question.rows)
    default:
      return []
  }
}

function rowProblems(rows: readonly KeyRow[]): Problem[] {
  return rows.flatMap((row, index) => {
    const first = rows.findIndex(({ wanted }) => wanted.toLowerCase() === row.wanted.toLowerCase())
    return [
      ...(row.feedback.length === 0 && row.credit < 100
        ? [error(row.line, 'feedback', 'a foreseen wrong answer has a feedback')]
        : []),
      ...(first < index ? [error(row.line, 'same-row', `"${row.wanted}" stands in a row before`)] : []),
    ]
  })
}

function numberProblems(rows: readonly KeyRow[]): Problem[] {
  return rows.flatMap((row, index) => {
    const wanted = readWanted(row.wanted)
    if (!wanted) return [error(row.line, 'number', `"${row.wanted}" is no number`)]
    const above = rows.slice(0, index).find((other) => {
      const range = readWanted(other.wanted)
      return range?.unit === wanted.unit && Math.abs(range.value - wanted.value) <= range.tolerance
    })
    return above ? [error(row.line, 'overlap', `"${above.wanted}" takes this answer before`)] : []
  })
}

/** Where wrong ideas come from. */
function ideaProblems(question: Question, quiz: Quiz, book: Book): Problem[] {
  return wrongIdeas(question).flatMap(({ line, idea, claim }) => [
    ...(idea !== undefined && !quiz.ideas.has(idea) && !book.mistakes.has(idea)
      ? [error(line, 'idea', `no mistake of an exercise is called ${idea}, and the head has no such idea`)]
      : []),
    ...(claim !== undefined && claim > book.claims
      ? [error(line, 'claim', `docs/often-said.md has no row ${claim}`)]
      : []),
  ])
}

/** Everything in a question that a wrong idea is behind. */
export function wrongIdeas(question: Question): (WrongIdea & { line: number })[] {
  const from: readonly (Option | KeyRow)[] =
    'options' in question ? question.options : 'rows' in question ? question.rows : []
  return from.filter(({ idea, claim }) => idea !== undefined || claim !== undefined)
}
