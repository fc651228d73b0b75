import path from 'node:path'
import { type LintedQuiz, lintQuizzes } from '../verify/quizzes.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { lazyBroker } from './lazy-broker.ts'

/** Says what is wrong with quiz files, as `file:line level rule message`; exit code 2 with an error: they cannot be used. */
export async function lintFiles({ root, cwd, args, screen }: Invocation): Promise<number> {
  const own = args.text('file')
  const names = own === undefined ? args.positionals : [own, ...args.positionals]
  const given = names.map((name) => path.resolve(cwd, name))
  const broker = lazyBroker(root, (line) => screen.progress(line))
  // Programs in a file of somebody else are not run unless they are asked for.
  const runs = args.flag('run') || given.length === 0
  const linted = await withCleanUp(broker.stop, () =>
    lintQuizzes(root, { ...(given.length > 0 && { files: given }), ...(runs && { broker: broker.address }) }),
  )
  const problems = linted.flatMap((one) => one.problems)
  const format = problems.length > 0 ? ['The format: harness/quiz/README.md'] : []
  screen.print([...linted.flatMap((one) => problemLines(one, cwd)), quizSummary(linted), ...format])
  return problems.some(({ level }) => level === 'error') ? 2 : 0
}

export function problemLines({ file, problems }: LintedQuiz, cwd: string): string[] {
  const name = path.relative(cwd, file).split(path.sep).join('/')
  return problems.map(({ line, level, rule, message }) => `${name}:${line} ${level} ${rule} ${message}`)
}

export function quizSummary(linted: readonly LintedQuiz[]): string {
  const problems = linted.flatMap((one) => one.problems)
  const errors = problems.filter(({ level }) => level === 'error').length
  const questions = linted.reduce((sum, { quiz }) => sum + quiz.questions.length, 0)
  return `${linted.length} quizzes, ${questions} questions, ${errors} errors, ${problems.length - errors} warnings`
}
