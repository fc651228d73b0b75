import { randomBytes, randomInt } from 'node:crypto'
import { WorkbookError } from '../errors.ts'
import type { Journal } from '../progress/journal.ts'
import type { QuizEntry, RunEntry } from '../quiz/answers.ts'
import { Interrupted } from '../quiz/asker.ts'
import type { Dealt } from '../quiz/deal.ts'
import type { Quiz } from '../quiz/question.ts'
import { type Answered, runQuiz } from '../quiz/run-quiz.ts'
import { openRun, questionsFor, questionsOf } from '../quiz/select.ts'
import { scoreOf, sheetLines } from '../quiz/sheet.ts'
import type { Invocation } from './command.ts'
import { openFace } from './quiz-face.ts'
import { readJournal } from './read-journal.ts'

/** What a run is made of: a new one, or the one to go on with. */
interface Prepared {
  begun: RunEntry
  questions: Dealt[]
  before: Parameters<typeof runQuiz>[0]['before']
}

/** Asks the questions of a run, new or begun before; exit code 0 when it is passed, 1 when not, 130 when it was left. */
export async function takeQuiz(
  invocation: Invocation,
  names: readonly string[],
  quizzes: readonly Quiz[],
  journal: Journal<QuizEntry>,
): Promise<number> {
  const { args, screen } = invocation
  const face = await openFace(invocation)
  // Whatever ends the process in between, a closed input above all, must not look like a passed quiz.
  process.exitCode = 2
  try {
    // What a file answers is nobody's memory.
    const kept = args.text('answers') === undefined ? journal : { append() {} }
    const entries = readJournal(screen, journal)
    const prepared = args.flag('resume')
      ? resumed(entries, quizzes)
      : begin(invocation, names, quizzes, entries, kept)
    const isQuiet = args.flag('json')
    const answered = await runQuiz({
      run: prepared.begun.run,
      questions: prepared.questions,
      before: prepared.before,
      isExam: prepared.begun.isExam,
      answer: face.answer,
      askConfidence: wantsConfidence(invocation) ? face.askConfidence : null,
      journal: kept,
      now: () => new Date(),
      look: screen.look,
      print: isQuiet ? () => {} : (lines) => screen.print([...lines]),
    })
    screen.print(
      isQuiet ? asJson(answered, prepared.begun) : sheetLines(answered, prepared.begun.isExam, screen.look),
    )
    if (!isQuiet) screen.note(`seed ${prepared.begun.seed}`)
    return scoreOf(answered).passed ? 0 : 1
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    screen.note('Everything that you have answered is kept. Go on with:  npm run quiz -- --resume')
    return 130
  } finally {
    face.close()
  }
}

function wantsConfidence({ args }: Invocation): boolean {
  return (args.flag('confidence') || args.flag('review')) && !args.flag('no-confidence')
}

function begin(
  { args }: Invocation,
  names: readonly string[],
  quizzes: readonly Quiz[],
  entries: QuizEntry[],
  journal: Pick<Journal<QuizEntry>, 'append'>,
): Prepared {
  const seed = args.count('seed') ?? randomInt(1, 10_000)
  const wanted = {
    names,
    isMissed: args.flag('missed'),
    isReview: args.flag('review'),
    isMixed: args.flag('mixed'),
    seed,
    count: args.count('count'),
  }
  const now = new Date()
  const questions = questionsFor(wanted, quizzes, entries, now)
  if (questions.length === 0) throw nothingToAsk(wanted)
  const begun: RunEntry = {
    kind: 'run',
    at: now.toISOString(),
    run: randomBytes(4).toString('hex'),
    wanted: [...names],
    seed,
    isExam: args.flag('exam'),
    questions: questions.map(({ quiz, question }) => `${quiz.id}/${question.id}`),
  }
  journal.append(begun)
  return { begun, questions, before: [] }
}

function nothingToAsk({ isReview, isMissed }: { isReview: boolean; isMissed: boolean }): WorkbookError {
  if (isReview) return new WorkbookError('Nothing is due again today.', 'Take a quiz: npm run quiz')
  if (isMissed) return new WorkbookError('You have missed nothing here.', 'Take a quiz: npm run quiz')
  return new WorkbookError('There is nothing to ask.', 'All quizzes: npm run quiz')
}

function resumed(entries: QuizEntry[], quizzes: readonly Quiz[]): Prepared {
  const open = openRun(entries)
  if (!open) throw new WorkbookError('There is no quiz to go on with.', 'Begin one: npm run quiz')
  return { begun: open.begun, questions: questionsOf(open.begun, quizzes), before: open.answers }
}

function asJson(answered: readonly Answered[], { run, seed, isExam }: RunEntry): string {
  const answers = answered.map(({ entry }) => entry)
  return JSON.stringify({ schemaVersion: 1, run, seed, isExam, score: scoreOf(answered), answers }, null, 2)
}
