import { readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Quiz } from '../quiz/question.ts'
import { readLearnerFile } from '../quiz/stats/learners.ts'
import { statsOf } from '../quiz/stats/stats.ts'
import { statsLines } from '../quiz/stats/stats-lines.ts'
import type { Invocation } from './command.ts'

/** What the answers of a class say about its questions and its wrong ideas: `npm run quiz stats FILE...`. */
export function showStats(
  { cwd, args, screen }: Invocation,
  names: readonly string[],
  quizzes: readonly Quiz[],
): number {
  if (names.length === 0) {
    throw new WorkbookError(
      'Whose answers?',
      'Give the files, one for each learner (.workbook/quiz.jsonl):  npm run quiz stats class/*.jsonl',
    )
  }
  const files = names.map((name) => readLearnerFile(name, textOf(path.resolve(cwd, name), name)))
  const stats = statsOf(files, quizzes)
  screen.print(args.flag('json') ? JSON.stringify(stats, null, 2) : statsLines(stats, screen.look))
  return 0
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new WorkbookError(`${name} cannot be read: ${(error as Error).message}`, 'Check the path.')
  }
}
