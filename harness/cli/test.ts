import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { type Answer, findAnswer } from '../exercise/answer.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { keepResult } from '../progress/results.ts'
import { reportExercise } from '../report/terminal.ts'
import type { CheckResult, ExerciseResult, Result } from '../result.ts'
import { type Chosen, openSession, type Session } from '../run/session.ts'
import { typeErrors } from '../run/type-errors.ts'
import { exitCodeOf } from '../run/verdict.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { progressOf } from './progress.ts'

/** Judges one or more exercises and prints their results. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, built, args, screen } = invocation
  const chosen = choose(invocation)
  const json = args.flag('json')
  const progress = progressOf(screen, chosen.length)
  const session = await openSession({
    root,
    built,
    broker: args.text('broker'),
    seed: args.count('seed'),
    allWire: args.flag('wire'),
    first: chosen[0],
    onProgress: (line) => screen.note(line),
    onCheck: (check: CheckResult) => progress.check(check),
  })
  return withCleanUp(
    () => session.close(),
    async () => {
      const note = session.broker.note
      if (note && chosen.some(({ exercise }) => exercise.scenesFile)) screen.note(note)
      const startedAt = new Date()
      const results: ExerciseResult[] = []
      for (const { exercise, answer } of chosen) {
        progress.begin(exercise.name)
        const result = await session.judge(exercise, answer)
        progress.end()
        results.push(result)
        if (!json) await show(invocation, session, result, answer)
      }
      const whole = wholeResult(root, session, startedAt, results)
      for (const result of results) if (result.answer.kind === 'exercise') keepResult(root, result, whole)
      if (json) screen.print(JSON.stringify(whole, null, 2))
      writeOutput(invocation, whole)
      return exitCodeOf(results)
    },
  )
}

function choose({ root, cwd, args }: Invocation): Chosen[] {
  const exercises = listExercises(root)
  const wanted = args.positionals
  const answer = args.text('answer')
  if (wanted.length === 0)
    throw new WorkbookError('Which exercise?', 'For instance: npm test 03. All of them: npm run list')
  const chosen = wanted.includes('all') ? exercises : wanted.map((one) => findExercise(exercises, one))
  return [...new Set(chosen)].map((exercise) => {
    const found = findAnswer(exercise, answer, cwd)
    if (chosen.length > 1 && found.kind === 'file' && answer?.endsWith('.ts')) {
      throw new WorkbookError(
        `--answer ${answer} is one file, but several exercises were asked for.`,
        'Give exactly one exercise.',
      )
    }
    return { exercise, answer: found }
  })
}

async function show(
  { root, cwd, args, screen }: Invocation,
  session: Session,
  result: ExerciseResult,
  answer: Answer,
): Promise<void> {
  const context = { broker: session.broker.kind, seed: session.seed, root, cwd, allWire: args.flag('wire') }
  screen.print(reportExercise(result, context, screen.look))
  if (result.verdict !== 'failed') return
  const errors = await typeErrors(root, answer.file)
  if (errors.length > 0) screen.print(['    TypeScript says', ...errors.map((line) => `        ${line}`), ''])
}

function wholeResult(root: string, session: Session, startedAt: Date, results: ExerciseResult[]): Result {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    schemaVersion: 1,
    workbook: version,
    node: process.version,
    broker: { kind: session.broker.kind, version: session.broker.version },
    seed: session.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    results,
  }
}

function writeOutput({ args, cwd }: Invocation, whole: Result): void {
  const output = args.text('output')
  if (output === undefined) return
  const file = path.resolve(cwd, output)
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`)
  } catch (error) {
    throw new WorkbookError(
      `The result could not be written to ${output}: ${(error as Error).message}`,
      'Give another file to --output.',
    )
  }
}
