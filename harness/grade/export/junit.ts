import type { CheckResult } from '../../result.ts'
import {
  type GradedAnswer,
  type GradedExercise,
  type GradedStudent,
  type Grades,
  outcomesOf,
} from '../grades.ts'
import { outcomeText } from './outcome-text.ts'

interface TestCase {
  name: string
  seconds: number
  /** The element inside: nothing for a check that passed. */
  kind: 'passed' | 'failure' | 'error' | 'skipped'
  message: string
}

/** JUnit XML, as build servers read it: a suite for each answer of each student, a case for each planned check. */
export function junitXml({ exercises, students, startedAt }: Grades): string {
  const suites = students.flatMap((student) =>
    exercises.flatMap((plan) => {
      const answer = student.answers.find(({ exercise }) => exercise === plan.name)
      return answer ? suite(student, plan, answer, startedAt) : []
    }),
  )
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join('\n')
}

function suite(
  student: GradedStudent,
  plan: GradedExercise,
  answer: GradedAnswer,
  startedAt: string,
): string[] {
  const cases = casesOf(plan, answer)
  const count = (kind: TestCase['kind']) => cases.filter((one) => one.kind === kind).length
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0)
  const attributes = {
    name: `${student.id} ${plan.name}`,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
    timestamp: startedAt,
  }
  const owner = `${student.id}.${plan.name}`
  return [
    `  <testsuite ${written(attributes)}>`,
    ...cases.flatMap((one) => element(one, owner)),
    '  </testsuite>',
  ]
}

function casesOf(plan: GradedExercise, answer: GradedAnswer): TestCase[] {
  if (answer.status === 'by hand')
    return [{ name: 'graded by hand', seconds: 0, kind: 'error', message: answer.reason }]
  if (answer.status === 'not handed in')
    return plan.checks.map(({ title }) => ({
      name: title,
      seconds: 0,
      kind: 'failure',
      message: 'not handed in',
    }))
  return outcomesOf(plan, answer.result).map(({ check, verdict }) => {
    const found = answer.result.checks.find(({ id }) => id === check.id)
    const seconds = (found?.durationMs ?? 0) / 1000
    return { name: check.title, seconds, kind: kindOf(verdict, check.stretch), message: messageOf(found) }
  })
}

/** A stretch check is not asked for, so nothing of it fails a build. */
function kindOf(verdict: CheckResult['verdict'] | null, stretch: boolean): TestCase['kind'] {
  if (verdict === 'passed') return 'passed'
  if (verdict === 'blocked' || (stretch && verdict === 'failed')) return 'skipped'
  return verdict === 'failed' ? 'failure' : 'error'
}

function messageOf(check: CheckResult | undefined): string {
  return check ? outcomeText(check).join('\n') : ''
}

function element({ name, seconds, kind, message }: TestCase, owner: string): string[] {
  const attributes = written({ classname: owner, name, time: seconds.toFixed(3) })
  if (kind === 'passed') return [`    <testcase ${attributes}/>`]
  const [first = ''] = message.split('\n')
  const inside = kind === 'skipped' ? '' : escaped(message)
  return [
    `    <testcase ${attributes}>`,
    `      <${kind} ${written({ message: first })}>${inside}</${kind}>`,
    '    </testcase>',
  ]
}

function written(attributes: Record<string, string | number>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write most control characters, nor halves of surrogate pairs. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)
}
