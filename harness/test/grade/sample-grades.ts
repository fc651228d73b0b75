import type { GradedAnswer, GradedExercise, GradedStudent, Grades } from '../../grade/grades.ts'
import type { CheckResult, CheckVerdict, ExerciseResult } from '../../result.ts'

export const PLAN: GradedExercise = {
  name: '03-produce-event',
  maxPoints: 4,
  maxStretchPoints: 2,
  checks: [
    { id: '03-produce-event/stored', title: 'A record is stored', points: 1, stretch: false },
    { id: '03-produce-event/key', title: 'A <key> & its "partition"', points: 3, stretch: false },
    { id: '03-produce-event/more', title: 'Something more', points: 2, stretch: true },
  ],
}

export function check(id: string, verdict: CheckVerdict, more: Partial<CheckResult> = {}): CheckResult {
  const planned = PLAN.checks.find((one) => one.id === `${PLAN.name}/${id}`)
  const { points, stretch, title } = planned ?? { points: 1, stretch: false, title: id }
  const seen = { wire: [], ownership: [], logs: [], after: [], durationMs: 5 }
  return { id: `${PLAN.name}/${id}`, title, verdict, points, stretch, ...seen, ...more }
}

export function result(...checks: CheckResult[]): ExerciseResult {
  const passed = checks.every((one) => one.verdict === 'passed')
  return {
    exercise: PLAN.name,
    answer: { kind: 'file', path: `${PLAN.name}/produce-event.ts`, hash: 'abcdef' },
    verdict: passed ? 'passed' : 'failed',
    durationMs: 20,
    checks,
  }
}

export function graded(points: number, ...checks: CheckResult[]): GradedAnswer {
  return {
    exercise: PLAN.name,
    status: 'graded',
    points,
    stretchPoints: 0,
    path: 'produce-event.ts',
    codeHash: null,
    sameTextAs: [],
    result: result(...checks),
  }
}

export const byHand: GradedAnswer = {
  exercise: PLAN.name,
  status: 'by hand',
  reason: 'a.zip has a "password"',
  path: null,
  codeHash: null,
  sameTextAs: [],
}

export function student(name: string, ...answers: GradedAnswer[]): GradedStudent {
  return { id: name.toLowerCase(), name, systemId: '', late: false, notes: [], answers }
}

export function grades(...students: GradedStudent[]): Grades {
  return {
    schemaVersion: 1,
    workbook: '1.0.0',
    node: 'v20.0.0',
    broker: { kind: 'embedded', version: '4.x' },
    mode: 'learn',
    seed: 7,
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 100,
    shard: null,
    exercises: [PLAN],
    students,
    notRecognised: [],
  }
}
