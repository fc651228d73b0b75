import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { refuseWithoutKeys } from '../exercise/edition.ts'
import { edits } from '../exercise/find.ts'
import { Journal } from '../progress/journal.ts'
import type { QuizEntry } from '../quiz/answers.ts'
import { Interrupted } from '../quiz/asker.ts'
import type { Quiz } from '../quiz/question.ts'
import { quizFiles } from '../quiz/quiz-files.ts'
import { type QuizFile, readQuizFile } from '../quiz/read-file.ts'
import { CONCEPTS, type QuizState, quizStates } from '../quiz/select.ts'
import type { Invocation } from './command.ts'
import { exportQuizzes } from './quiz-export.ts'
import { hasTerminal, openAsker } from './quiz-face.ts'
import { lintFiles } from './quiz-lint.ts'
import { reportQuestion } from './quiz-report.ts'
import { showStats } from './quiz-stats.ts'
import { takeQuiz } from './quiz-take.ts'
import { readJournal } from './read-journal.ts'

/** Takes a quiz; without a name, shows which there are. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, root } = invocation
  if (args.text('file') === undefined) refuseWithoutKeys(root)
  if (args.flag('lint')) return lintFiles(invocation)
  const [word, ...names] = args.positionals
  if (word === 'export') return exportNamed(invocation, names)
  if (word === 'stats') return showStats(invocation, names, readAll(invocation, quizFiles(root)))
  const journal = new Journal<QuizEntry>(root, 'quiz')
  if (word === 'report')
    return reportQuestion(invocation, names, readAll(invocation, quizFiles(root)), journal)
  const quizzes = readAll(invocation, wantedFiles(invocation))
  const asksNothing = ['missed', 'review', 'resume', 'mixed', 'exam'].every((name) => !args.flag(name))
  if (word === undefined && asksNothing && args.text('file') === undefined)
    return menu(invocation, quizzes, journal)
  return takeQuiz(invocation, args.positionals, quizzes, journal)
}

/** A quiz with an error is told, and not written without what is broken. */
function exportNamed(invocation: Invocation, names: readonly string[]): number {
  const files = namedFiles(invocation.root, names)
  const quizzes = readAll(invocation, files)
  return exportQuizzes(
    invocation,
    quizzes.map((quiz, index) => ({ quiz, file: files[index] as string })),
  )
}

/** The files that are needed: reading all of them takes a fifth of a second. */
function wantedFiles({ root, cwd, args }: Invocation): string[] {
  const own = args.text('file')
  if (own !== undefined) return [path.resolve(cwd, own)]
  return namedFiles(root, args.flag('resume') ? [] : args.positionals)
}

/** The files of these quizzes; all of them when none is named. */
function namedFiles(root: string, wanted: readonly string[]): string[] {
  const files = quizFiles(root)
  for (const name of wanted) checkName(name, files.map(quizName))
  const isAll = wanted.length === 0 || wanted.includes(CONCEPTS)
  return isAll ? files : files.filter((file) => wanted.includes(quizName(file)))
}

function quizName(file: string): string {
  return path.basename(file, '.md')
}

function checkName(name: string, quizzes: readonly string[]): void {
  const names = [CONCEPTS, ...quizzes]
  if (names.includes(name)) return
  const near = names.find((one) => edits(one, name) <= 2 || one.startsWith(name))
  throw new WorkbookError(
    `There is no quiz "${name}".`,
    `${near ? `Did you mean ${near}? ` : ''}There are: ${names.join(', ')}`,
  )
}

/** Errors in these files are told, and end the command. */
function readAll({ cwd }: Invocation, files: readonly string[]): Quiz[] {
  if (files.length === 0) throw new WorkbookError('There is no quiz here.', 'They lie in quizzes/*.md.')
  return files.map((file) => {
    const name = path.relative(cwd, file).split(path.sep).join('/')
    const { quiz, problems } = readOrExplain(file, name)
    const [first, ...more] = problems.filter(({ level }) => level === 'error')
    if (!first) return quiz
    const others = more.length > 0 ? `, and ${more.length} more` : ''
    throw new WorkbookError(
      `${name}:${first.line} ${first.message}${others}`,
      `All of them: npm run quiz -- --lint ${name}`,
    )
  })
}

function readOrExplain(file: string, name: string): QuizFile {
  try {
    return readQuizFile(file)
  } catch (error) {
    throw new WorkbookError(`${name} cannot be read: ${(error as Error).message}`, 'Check the path.')
  }
}

/** All quizzes, with how far the learner is; at a terminal, one can be chosen. */
async function menu(
  invocation: Invocation,
  quizzes: readonly Quiz[],
  journal: Journal<QuizEntry>,
): Promise<number> {
  const { screen, args } = invocation
  const states = quizStates(quizzes, readJournal(screen, journal), new Date())
  const due = states.reduce((sum, state) => sum + state.due, 0)
  if (!hasTerminal() || args.text('answers') !== undefined) {
    screen.print(['', ...states.map((state) => `  ${stateLine(state, quizzes)}`), '', ...wayLines(due), ''])
    return 0
  }
  const asker = await openAsker(invocation)
  try {
    const name = await asker.pick('Which topic?', [
      { id: CONCEPTS, name: 'concepts: five minutes over all topics' },
      ...states.map((state) => ({ id: state.quiz.id, name: stateLine(state, quizzes) })),
    ])
    screen.note(due > 0 ? `${due} questions are due again:  npm run quiz -- --review` : '')
    return await takeQuiz(invocation, [name], quizzes, journal)
  } catch (error) {
    if (error instanceof Interrupted) return 130
    throw error
  } finally {
    asker.close()
  }
}

function stateLine({ quiz, asked, right, due }: QuizState, quizzes: readonly Quiz[]): string {
  const width = Math.max(...quizzes.map(({ id }) => id.length))
  const state = asked === 0 ? 'new' : `${right} of ${quiz.questions.length} right`
  return `${quiz.id.padEnd(width)}  ${quiz.title} (${quiz.questions.length} questions, ${state}${due > 0 ? `, ${due} due` : ''})`
}

function wayLines(due: number): string[] {
  return [
    '  npm run quiz NAME           one of them',
    `  npm run quiz ${CONCEPTS}       five minutes over all topics`,
    `  npm run quiz -- --review    what is due again: ${due}`,
  ]
}
