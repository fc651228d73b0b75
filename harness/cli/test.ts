import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { findAnswer } from '../exercise/answer.ts'
import { withExtraChecks } from '../exercise/extra-checks.ts'
import { findExercise, isPure, listExercises } from '../exercise/find.ts'
import { keepAttempt } from '../progress/attempts.ts'
import { judgedEntry, learnerJournal } from '../progress/learner.ts'
import { keepResult } from '../progress/results.ts'
import { quizAbout } from '../quiz/quiz-files.ts'
import { summaryLines } from '../report/summary.ts'
import { reportExercise } from '../report/terminal.ts'
import { typeErrorLines } from '../report/type-errors.ts'
import type { CheckResult, ExerciseResult, Result } from '../result.ts'
import { type Chosen, openSession, type Session } from '../run/session.ts'
import { typeErrors } from '../run/type-errors.ts'
import { exitCodeOf } from '../run/verdict.ts'
import { nextForLearner, wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { keepOrTell } from './keep-or-tell.ts'
import { noteDaily } from './note-daily.ts'
import { outputFile } from './output-file.ts'
import { progressOf } from './progress-line.ts'
import { tellNewStub } from './tell-new-stub.ts'
import { confinementOf, extraChecksOf } from './trust.ts'
import { workbookVersion } from './version.ts'

const MOST_TYPE_ERRORS = 5

/** Judges one or more exercises and prints their results. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, built, args, screen } = invocation
  const chosen = choose(invocation)
  const output = outputFile(invocation, 'output')
  const json = args.flag('json')
  const progress = progressOf(screen, chosen.length)
  // Without a broker at work, it is not worth to start a container.
  const pure = chosen.every(({ exercise }) => isPure(exercise))
  const session = await openSession({
    root,
    built,
    broker: args.text('broker') ?? (pure ? 'embedded' : undefined),
    foreign: args.flag('foreign'),
    nodes: pure ? undefined : args.count('nodes'),
    seed: args.count('seed'),
    confinement: confinementOf(args),
    allWire: args.flag('wire'),
    first: chosen[0],
    onProgress: (line) => screen.note(line),
    onCheck: (check: CheckResult) => progress.check(check),
  })
  return withCleanUp(
    () => session.close(),
    async () => {
      const note = session.broker.note
      if (note && !pure) noteDaily(screen, root, note)
      const startedAt = new Date()
      const results: ExerciseResult[] = []
      const keep = keepOrTell(screen)
      for (const { exercise, answer } of chosen) {
        progress.begin(exercise.name)
        const isOwn = answer.kind === 'exercise'
        if (isOwn) keep(() => keepAttempt(root, exercise))
        if (isOwn) keep(() => tellNewStub(invocation, exercise))
        const result = await session.judge(exercise, answer)
        if (isOwn) keep(() => learnerJournal(root).append(judgedEntry(result, new Date())))
        progress.end()
        results.push(result)
        if (!json) await show(invocation, session, result, { exercise, answer })
      }
      const whole = wholeResult(root, session, startedAt, results)
      for (const result of results) if (result.answer.kind === 'exercise') keepResult(root, result, whole)
      if (!json && results.length > 1) screen.print(summaryLines(results, screen.look))
      if (json) screen.print(JSON.stringify(whole, null, 2))
      if (output !== undefined) writeOutput(output, whole)
      return exitCodeOf(results)
    },
  )
}

function choose(invocation: Invocation): Chosen[] {
  const { root, cwd, args } = invocation
  const exercises = withExtraChecks(listExercises(root), extraChecksOf(args, cwd))
  const answer = args.text('answer')
  const wanted = args.positionals.length > 0 ? args.positionals : namedIn(answer)
  const named = wanted.includes('all') ? exercises : wanted.map((one) => findExercise(exercises, one))
  const chosen = wanted.length === 0 ? [wantedOrInHand(invocation, undefined)] : [...new Set(named)]
  return chosen.map((exercise) => {
    const found = findAnswer(exercise, answer, cwd)
    if (chosen.length > 1 && answer !== undefined && found.file === path.resolve(cwd, answer)) {
      throw new WorkbookError(
        `--answer ${answer} is one file, but several exercises were asked for.`,
        `Give exactly one exercise, for instance: npm test ${exercise.number} -- --answer ${answer}`,
      )
    }
    return { exercise, answer: found }
  })
}

/** The exercise that the path of an answer names: `solutions/03-produce-event/mistakes/null-key.ts`. */
function namedIn(answer: string | undefined): string[] {
  return (answer ?? '').split(/[\\/]/).filter((part) => /^\d\d-[a-z]/.test(part))
}

async function show(
  { root, cwd, args, screen }: Invocation,
  session: Session,
  result: ExerciseResult,
  chosen: Chosen,
): Promise<void> {
  const broker = isPure(chosen.exercise) ? null : session.broker.kind
  const context = {
    broker,
    seed: session.seed,
    root,
    cwd,
    allWire: args.flag('wire'),
    next: nextForLearner(root, chosen.exercise)?.name ?? null,
    quizAbout: (mistake: string) => quizAbout(root, mistake),
  }
  screen.print(reportExercise(result, context, screen.look))
  if (result.verdict !== 'failed') return
  const errors = await typeErrors(root, chosen.answer.file)
  if (errors.length > 0) screen.print(typeErrorLines(errors, screen.look, MOST_TYPE_ERRORS))
}

/** What `result.json` holds. */
export function wholeResult(
  root: string,
  session: Session,
  startedAt: Date,
  results: ExerciseResult[],
): Result {
  return {
    schemaVersion: 1,
    workbook: workbookVersion(root),
    node: process.version,
    broker: { kind: session.broker.kind, version: session.broker.version },
    seed: session.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    results,
  }
}

function writeOutput(file: string, whole: Result): void {
  try {
    writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`)
  } catch (error) {
    throw new WorkbookError(
      `The result could not be written: ${(error as Error).message}`,
      'Give another file to --output.',
    )
  }
}
