import { declaredChecks } from '../exercise/declared-checks.ts'
import type { Exercise } from '../exercise/find.ts'
import type { ExerciseResult } from '../result.ts'
import { type GradedExercise, outcomesOf } from './grades.ts'

/** What a result is worth, or why a human has to say so. The rule is docs/marking.md. */
export type Mark =
  | { status: 'graded'; points: number; stretchPoints: number }
  | { status: 'by hand'; reason: string }

/** The plan of an exercise: its checks with their points, as they are written and before anything runs. */
export function planOf(exercise: Exercise): GradedExercise {
  const checks = declaredChecks(exercise)
  const sum = (stretch: boolean) =>
    checks.filter((check) => check.stretch === stretch).reduce((all, check) => all + check.points, 0)
  return { name: exercise.name, maxPoints: sum(false), maxStretchPoints: sum(true), checks }
}

/** The points of the planned checks that passed. An error of the harness or the broker, or a check that got lost, is no zero. */
export function markOf(plan: GradedExercise, result: ExerciseResult): Mark {
  const outcomes = outcomesOf(plan, result)
  const broken = result.checks.find(({ verdict }) => verdict === 'error')
  if (result.verdict === 'error' || broken) {
    const why = broken?.message ?? 'nothing was judged'
    return { status: 'by hand', reason: `could not be judged: ${why}` }
  }
  const lost = outcomes.find(({ verdict }) => verdict === null)
  if (lost) return { status: 'by hand', reason: `the check ${lost.check.id} was not judged exactly once` }
  const reached = (stretch: boolean) =>
    outcomes
      .filter(({ check, verdict }) => check.stretch === stretch && verdict === 'passed')
      .reduce((all, { check }) => all + check.points, 0)
  return { status: 'graded', points: reached(false), stretchPoints: reached(true) }
}
