import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { answerIds } from '../exercise/answer.ts'
import { checkFiles } from '../exercise/check-files.ts'
import { listExercises } from '../exercise/find.ts'
import { KAFKA_VERSION } from '../kafka/kafka-image.ts'
import type { Problem } from '../markdown/content.ts'
import { type BrokerAddress, keyProblems } from '../quiz/keys.ts'
import { type Book, lintQuiz } from '../quiz/lint.ts'
import { quizFiles } from '../quiz/quiz-files.ts'
import { idsTwice, type QuizFile, readQuizFile } from '../quiz/read-file.ts'
import { checkIds } from './lint/checks.ts'
import { SEQUENCE_FILES } from './parity/sequence-files.ts'

/** What the quizzes of this workbook may point to. */
function bookAt(root: string): Book {
  const exercises = listExercises(root)
  const mistakes = exercises.flatMap((one) => answerIds(one, 'mistakes').map((id) => `${one.number}/${id}`))
  const claims =
    readFileSync(path.join(root, 'docs', 'often-said.md'), 'utf8').match(/^\| \d+ \|/gm)?.length ?? 0
  const numbers = new Set(exercises.map(({ number }) => number))
  const sequences = new Set(SEQUENCE_FILES.flatMap(({ sequences }) => sequences.map(({ id }) => id)))
  const checks = new Set(
    exercises.flatMap((one) =>
      checkFiles(one)
        .flatMap((file) => checkIds(readFileSync(file, 'utf8')))
        .map((id) => `${one.name}/${id}`),
    ),
  )
  const proofs: Record<string, (name: string) => boolean> = {
    check: (name) => checks.has(name),
    parity: (name) => sequences.has(name),
    test: (name) => existsSync(path.join(root, name)),
    play: (name) => numbers.has(name),
  }
  return {
    kafka: KAFKA_VERSION,
    exercises: numbers,
    mistakes: new Set(mistakes),
    claims,
    hasProof(proof) {
      const [kind = '', name = ''] = proof.split(/:(.*)/s)
      return proofs[kind]?.(name) ?? false
    },
  }
}

export interface LintedQuiz extends QuizFile {
  /** All that is wrong with it, by line. */
  problems: Problem[]
}

export interface LintOptions {
  /** These files; all quizzes of the workbook when it is left out. */
  files?: string[]
  /** Runs the programs in them, too, with a broker for those that need one. Only for files that are trusted. */
  broker?: BrokerAddress
}

/** Reads quizzes, and looks for everything that is wrong with them. */
export async function lintQuizzes(
  root: string,
  { files = quizFiles(root), broker }: LintOptions,
): Promise<LintedQuiz[]> {
  const book = bookAt(root)
  const read = files.map(readQuizFile)
  const twice = idsTwice(read)
  const linted: LintedQuiz[] = []
  for (const one of read) {
    const wrong = [...one.problems, ...(twice.get(one) ?? []), ...lintQuiz(one.quiz, book)]
    if (broker) wrong.push(...(await keyProblems(one.quiz, root, broker)))
    linted.push({ ...one, problems: wrong.sort((a, b) => a.line - b.line) })
  }
  return linted
}
