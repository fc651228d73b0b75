import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { edits } from '../exercise/find.ts'
import { Journal } from '../progress/journal.ts'
import type { QuizEntry } from '../quiz/answers.ts'
import { quizFiles, readQuizFile } from '../quiz/find-quizzes.ts'
import type { Quiz } from '../quiz/question.ts'
import { CONCEPTS, statesOf } from '../quiz/select.ts'
import { paint } from '../report/style.ts'
import type { Invocation } from './command.ts'
import { lintFiles } from './quiz-lint.ts'
import { takeQuiz } from './quiz-take.ts'

/** Takes a quiz; without a name, shows which there are. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, root } = invocation
  if (args.flag('lint')) return lintFiles(invocation)
  const quizzes = readQuizzes(invocation)
  const journal = new Journal<QuizEntry>(root, 'quiz')
  const asksNothing = ['missed', 'review', 'resume', 'mixed', 'exam'].every((name) => !args.flag(name))
  if (args.positionals.length === 0 && asksNothing && args.text('file') === undefined)
    return menu(invocation, quizzes, journal)
  for (const name of args.positionals) checkName(name, quizzes)
  return takeQuiz(invocation, quizzes, journal)
}

/** The quizzes of the workbook, or the file of `--file`; errors in them are told, and end the command. */
function readQuizzes({ root, cwd, args }: Invocation): Quiz[] {
  const own = args.text('file')
  const files = own === undefined ? quizFiles(root) : [path.resolve(cwd, own)]
  const read = files.map((file) => {
    try {
      return readQuizFile(file)
    } catch (error) {
      throw new WorkbookError(`${own} cannot be read: ${(error as Error).message}`, 'Check the path.')
    }
  })
  for (const { file, problems } of read) {
    const [first, ...more] = problems.filter(({ level }) => level === 'error')
    if (!first) continue
    const name = path.relative(cwd, file).split(path.sep).join('/')
    const others = more.length > 0 ? `, and ${more.length} more` : ''
    throw new WorkbookError(
      `${name}:${first.line} ${first.message}${others}`,
      `All of them: npm run quiz -- --lint ${name}`,
    )
  }
  if (read.length === 0) throw new WorkbookError('There is no quiz here.', 'They lie in quizzes/*.md.')
  return read.map(({ quiz }) => quiz)
}

function checkName(name: string, quizzes: readonly Quiz[]): void {
  const names = [CONCEPTS, ...quizzes.map(({ id }) => id)]
  if (names.includes(name)) return
  const near = names.find((one) => edits(one, name) <= 2 || one.startsWith(name))
  throw new WorkbookError(
    `There is no quiz "${name}".`,
    `${near ? `Did you mean ${near}? ` : ''}There are: ${names.join(', ')}`,
  )
}

/** All quizzes, with how far the learner is. */
function menu({ screen }: Invocation, quizzes: readonly Quiz[], journal: Journal<QuizEntry>): number {
  const { entries, setAside } = journal.read()
  if (setAside) screen.note(`A part of what was answered could not be read. It is kept in ${setAside}.`)
  const width = Math.max(...quizzes.map(({ id }) => id.length))
  const states = statesOf(quizzes, entries, new Date())
  const lines = states.map(({ quiz, right, asked, due }) => {
    const state = asked === 0 ? 'new' : `${right} of ${quiz.questions.length} right`
    const review = due > 0 ? paint(screen.look, 'yellow', `  ${due} due`) : ''
    return `  ${quiz.id.padEnd(width)}  ${`${quiz.questions.length}`.padStart(3)} questions  ${quiz.title}  ${paint(screen.look, 'dim', state)}${review}`
  })
  const due = states.reduce((sum, state) => sum + state.due, 0)
  screen.print([
    '',
    ...lines,
    '',
    `  npm run quiz ${quizzes[0]?.id ?? 'NAME'}    one of them`,
    '  npm run quiz concepts    five minutes over all topics',
    `  npm run quiz -- --review    what is due again: ${due}`,
    '',
  ])
  return 0
}
