import { performance } from 'node:perf_hooks'
import type { Journal } from '../progress/journal.ts'
import type { Look } from '../report/style.ts'
import { type AnswerEntry, type Confidence, type QuizEntry, versionOf } from './answers.ts'
import { type Answerer, questionLines } from './ask-question.ts'
import type { Dealt } from './deal.ts'
import { feedbackLines } from './feedback.ts'
import { type Grade, grade } from './grade.ts'

/** One answered question of a run. */
export interface Answered {
  dealt: Dealt
  entry: AnswerEntry
  graded: Grade
}

export interface RunOptions {
  /** Names this run in the journal. */
  run: string
  questions: readonly Dealt[]
  /** Answers that an earlier sitting of this run has given already. */
  before: readonly AnswerEntry[]
  /** No feedback until the end. */
  isExam: boolean
  answer: Answerer
  /** Asks how sure one is, before the verdict; null where nobody is asked. */
  askConfidence: (() => Promise<Confidence>) | null
  /** Where answers are kept. */
  journal: Pick<Journal<QuizEntry>, 'append'>
  now: () => Date
  look: Look
  print(lines: readonly string[]): void
}

/**
 * Asks the questions of a run, one after the other. Every answer is on the disk before the next question comes, so that
 * whatever ends the run, it can be taken up again. Rejects with what the answerer rejects with.
 */
export async function runQuiz(options: RunOptions): Promise<Answered[]> {
  const { questions, before, run, journal, look, print } = options
  const answered: Answered[] = []
  for (const [index, dealt] of questions.entries()) {
    const { question } = dealt
    const earlier = before.find((one) => one.question === question.id)
    if (earlier) {
      answered.push({ dealt, entry: earlier, graded: grade(question, earlier.given) })
      continue
    }
    print(questionLines(dealt, `${index + 1} of ${questions.length}`, look))
    const startedAt = performance.now()
    const { given, hinted } = await options.answer(dealt)
    const tookMs = Math.round(performance.now() - startedAt)
    const confidence = options.askConfidence ? await options.askConfidence() : null
    const graded = grade(question, given)
    const entry: AnswerEntry = {
      kind: 'answer',
      at: options.now().toISOString(),
      run,
      quiz: dealt.quiz.id,
      question: question.id,
      version: versionOf(question),
      given,
      credit: graded.credit,
      confidence,
      hinted,
      tookMs,
    }
    journal.append(entry)
    answered.push({ dealt, entry, graded })
    if (!options.isExam) print(feedbackLines(dealt, given, graded, look))
  }
  journal.append({ kind: 'end', run, at: options.now().toISOString() })
  return answered
}
