import { fileURLToPath } from 'node:url'
import type { Kind, Question } from '../../quiz/question.ts'
import { quizFiles } from '../../quiz/quiz-files.ts'
import { readQuizFile } from '../../quiz/read-file.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The quizzes of the workbook. */
export const FILES = quizFiles(ROOT).map(readQuizFile)
export const QUESTIONS: Question[] = FILES.flatMap(({ quiz }) => quiz.questions)

/** The questions of some kinds, with what these kinds have. */
export function questionsOf<K extends Kind>(...kinds: K[]): (Question & { kind: K })[] {
  return QUESTIONS.filter((one): one is Question & { kind: K } => (kinds as Kind[]).includes(one.kind))
}
