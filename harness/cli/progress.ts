import { readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { listExercises } from '../exercise/find.ts'
import { Journal } from '../progress/journal.ts'
import { learnerJournal } from '../progress/learner.ts'
import { type QuizProgress, standingLines, standingOf } from '../progress/standing.ts'
import { exportProgress, importProgress } from '../progress/transfer.ts'
import type { QuizEntry } from '../quiz/answers.ts'
import type { Quiz } from '../quiz/question.ts'
import { quizFiles } from '../quiz/quiz-files.ts'
import { readQuizFile } from '../quiz/read-file.ts'
import { quizStates } from '../quiz/select.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'
import type { Screen } from './screen.ts'
import { writeNew } from './write-new.ts'

/** Shows what the learner has done, takes it to another machine, or brings it from there. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const [word, file] = args.positionals
  if (word === 'export' || word === 'import') return carry(invocation, word, file)
  if (word !== undefined) {
    throw new WorkbookError(
      `progress does not know "${word}".`,
      'There are: npm run progress, npm run progress export FILE, npm run progress import FILE',
    )
  }
  const names = listExercises(root).map(({ name }) => name)
  const entries = readJournal(screen, learnerJournal(root))
  const standing = standingOf(names, entries, quizProgress(invocation))
  screen.print(args.flag('json') ? JSON.stringify(standing, null, 2) : standingLines(standing, screen.look))
  return 0
}

function quizProgress({ root, screen }: Invocation): QuizProgress {
  const quizzes = quizFiles(root).flatMap((file) => quizIn(file, screen))
  const states = quizStates(quizzes, readJournal(screen, new Journal<QuizEntry>(root, 'quiz')), new Date())
  return {
    questions: quizzes.reduce((sum, { questions }) => sum + questions.length, 0),
    right: states.reduce((sum, { right }) => sum + right, 0),
    due: states.reduce((sum, { due }) => sum + due, 0),
  }
}

/** Without its questions there is progress all the same. */
function quizIn(file: string, screen: Screen): Quiz[] {
  try {
    return [readQuizFile(file).quiz]
  } catch (error) {
    screen.note(`${file} cannot be read: ${(error as Error).message}. Its questions are not counted.`)
    return []
  }
}

function carry(
  { root, cwd, screen }: Invocation,
  word: 'export' | 'import',
  file: string | undefined,
): number {
  if (file === undefined)
    throw new WorkbookError('Which file?', `For instance: npm run progress ${word} mine.json`)
  const place = path.resolve(cwd, file)
  if (word === 'export') {
    const exported = exportProgress(root)
    const { learner, quiz } = exported.journals
    writeNew(place, `${JSON.stringify(exported, null, 2)}\n`, 'Give another file.')
    screen.print(`${place} holds ${learner.length} entries of exercises and ${quiz.length} of quizzes.`)
  } else {
    const { learner, quiz } = importProgress(root, textOf(place))
    screen.print(`${learner} entries of exercises and ${quiz} of quizzes were new here.`)
  }
  return 0
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new WorkbookError(`${file} cannot be read: ${(error as Error).message}.`, 'Check the path.')
  }
}
