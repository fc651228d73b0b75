import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Answer, answerIds, shippedAnswer, solutionOf } from '../exercise/answer.ts'
import { declaredChecks } from '../exercise/declared-checks.ts'
import { type Exercise, readPage } from '../exercise/find.ts'
import { pristineStub } from '../exercise/pristine.ts'
import type { CheckResult, ExerciseResult, Verdict } from '../result.ts'

/** What the workbook promises about one answer that it ships. */
export interface Promised {
  exercise: Exercise
  /** `stub`, `solution`, or the id of an alternative or a mistake. */
  name: string
  answer: Answer
  verdict: Verdict
  /** The one mistake that must be named, first and alone. */
  mistake?: string
}

/** Every promise about the answers of an exercise. The stub that is judged is the pristine one, written to `folder`. */
export function promisesOf(exercise: Exercise, root: string, folder: string): Promised[] {
  const promised = (name: string, answer: Answer, verdict: Verdict, mistake?: string): Promised => ({
    exercise,
    name,
    answer,
    verdict,
    ...(mistake === undefined ? {} : { mistake }),
  })
  const stub = writeStub(exercise, root, folder)
  const toFix = mistakeToFix(exercise)
  return [
    toFix ? promised('stub', stub, 'failed', toFix) : promised('stub', stub, 'not written'),
    promised('solution', solutionOf(exercise), 'passed'),
    ...answerIds(exercise, 'alternatives').map((id) =>
      promised(id, shippedAnswer(exercise, 'alternative', id), 'passed'),
    ),
    ...answerIds(exercise, 'mistakes').map((id) =>
      promised(id, shippedAnswer(exercise, 'mistake', id), 'failed', id),
    ),
  ]
}

function writeStub(exercise: Exercise, root: string, folder: string): Answer {
  const file = path.join(folder, exercise.name, path.basename(exercise.file))
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, pristineStub(exercise, root))
  return { kind: 'file', file }
}

/** The mistake that a "fix this" exercise ships in its stub: its page says `Mistake: <id>` in the front lines. */
function mistakeToFix(exercise: Exercise): string | undefined {
  if (readPage(exercise).kind !== 'fix this') return undefined
  return /^Mistake:\s*(\S+)$/m.exec(readFileSync(exercise.pageFile, 'utf8'))?.[1]
}

/** How a result breaks its promise, in a sentence; null when it keeps it. */
export function brokenPromise(promised: Promised, result: ExerciseResult): string | null {
  if (result.verdict !== promised.verdict && !failedOnlyStretch(promised, result)) {
    const first = result.checks.find((check) => check.verdict === 'failed' || check.verdict === 'error')
    const why = first ? ` at "${first.title}": ${whyOf(first)}` : ''
    return `should be ${promised.verdict}, is ${result.verdict}${why}`
  }
  if (promised.name === 'solution' && result.verdict !== 'error') {
    const unlike = unlikePlan(promised, result)
    if (unlike) return unlike
  }
  if (promised.mistake === undefined) return null
  const named = result.checks.flatMap((check) => (check.mistake ? [check.mistake.id] : []))
  const first = result.checks.find((check) => check.verdict === 'failed')
  if (first?.mistake?.id !== promised.mistake) {
    const instead = first?.mistake?.id ?? `nothing: ${first ? whyOf(first) : 'no check failed'}`
    return `the first failed check ("${first?.title}") should name ${promised.mistake}, names ${instead}`
  }
  const others = named.filter((id) => id !== promised.mistake)
  return others.length > 0 ? `should name ${promised.mistake} alone, names ${others.join(', ')}, too` : null
}

/** What is marked is read from the check files (`declaredChecks`); a run must find the same checks with the same points. */
function unlikePlan({ exercise }: Promised, { checks }: ExerciseResult): string | null {
  const shown = (all: readonly Pick<CheckResult, 'id' | 'points' | 'stretch'>[]) =>
    all.map(({ id, points, stretch }) => `${id} ${points}${stretch ? ' stretch' : ''}`)
  const [planned, judged] = [shown(declaredChecks(exercise)), shown(checks)]
  const different = [...planned, ...judged].find((one) => !planned.includes(one) || !judged.includes(one))
  if (different) return `is judged by other checks than its files declare: ${different}`
  return planned.length === judged.length ? null : 'has a check that was judged twice'
}

function whyOf({ mistake, message, expected, actual }: CheckResult): string {
  return mistake?.id ?? message ?? `expected ${expected}, actual ${actual}`
}

/** A mistake that only a stretch check finds costs nobody the verdict; it must be named all the same. */
function failedOnlyStretch({ mistake }: Promised, { verdict, checks }: ExerciseResult): boolean {
  return mistake !== undefined && verdict === 'passed' && checks.some((check) => check.verdict === 'failed')
}
