import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Problem } from '../markdown/content.ts'
import { type ReadQuiz, readQuiz } from './read-quiz.ts'

export interface QuizFile extends ReadQuiz {
  /** Absolute path. */
  file: string
}

/** Reads one file; throws what the file system throws. */
export function readQuizFile(file: string): QuizFile {
  return { file, ...readQuiz(readFileSync(file, 'utf8'), path.basename(file, '.md')) }
}

/** Ids that two files have both, each told in the second file. */
export function idsTwice(files: readonly QuizFile[]): Map<QuizFile, Problem[]> {
  const first = new Map<string, QuizFile>()
  const found = new Map<QuizFile, Problem[]>()
  for (const one of files) {
    for (const { id, line } of one.quiz.questions) {
      const before = first.get(id)
      if (!before) first.set(id, one)
      else if (before !== one) {
        const message = `the id "${id}" is taken by ${path.basename(before.file)}`
        found.set(one, [...(found.get(one) ?? []), { line, level: 'error', rule: 'id-twice', message }])
      }
    }
  }
  return found
}
