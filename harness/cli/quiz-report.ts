import { WorkbookError } from '../errors.ts'
import type { Journal } from '../progress/journal.ts'
import type { QuizEntry } from '../quiz/answers.ts'
import type { Quiz } from '../quiz/question.ts'
import { questionReport } from '../quiz/report-question.ts'
import { answersIn } from '../quiz/select.ts'
import type { Invocation } from './command.ts'

/** A question that seems wrong, as text for an issue: `npm run quiz report ID NOTE...`. */
export function reportQuestion(
  { screen }: Invocation,
  [id, ...words]: readonly string[],
  quizzes: readonly Quiz[],
  journal: Journal<QuizEntry>,
): number {
  const quiz = quizzes.find(({ questions }) => questions.some((one) => one.id === id))
  const question = quiz?.questions.find((one) => one.id === id)
  if (!quiz || !question) {
    throw new WorkbookError(
      id === undefined ? 'Which question?' : `There is no question "${id}".`,
      'Its id stands above it in quizzes/NAME.md:  npm run quiz report ID "what is wrong"',
    )
  }
  const { entries } = journal.read()
  const last = answersIn(entries).findLast((answer) => answer.question === id)
  const begun = entries.find((entry) => entry.kind === 'run' && entry.run === last?.run)
  const seed = begun?.kind === 'run' ? begun.seed : 0
  screen.print(questionReport({ quiz, question, seed, given: last?.given ?? null, note: words.join(' ') }))
  return 0
}
