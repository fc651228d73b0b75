import { type GradedExercise, type GradedStudent, type Grades, outcomesOf, totalOf } from '../grades.ts'
import { outcomeText } from './outcome-text.ts'

interface GradescopeTest {
  name: string
  number: string
  output: string
  output_format: 'text'
  visibility: 'visible'
  score?: number
  max_score?: number
  status?: 'passed' | 'failed'
}

/** `results.json` of a Gradescope autograder. */
export interface GradescopeResults {
  score?: number
  output: string
  output_format: 'text'
  visibility: 'visible'
  stdout_visibility: 'hidden'
  tests: GradescopeTest[]
  extra_data: { stretchPoints: number } & Pick<Grades, 'mode' | 'seed'>
}

/**
 * The marks of one student as Gradescope reads them. What a human has to grade has no score, and then nothing has one:
 * Gradescope adds up the scores of single tests where there is none in all. It reports a run without a result, and the mark
 * stays open; what the rest is worth stands in the words. Rule: Gradescope, "Autograder Specifications", output format.
 */
export function gradescopeResults(
  student: GradedStudent,
  { exercises, mode, seed }: Pick<Grades, 'exercises' | 'mode' | 'seed'>,
): GradescopeResults {
  const total = totalOf(student)
  const byHand = student.answers.flatMap((one) => (one.status === 'by hand' ? [one.exercise] : []))
  const stretch = student.answers.map((one) => ('stretchPoints' in one ? one.stretchPoints : 0))
  const tests = exercises.flatMap((plan) => testsOf(student, plan))
  return {
    ...(total === null ? {} : { score: total }),
    output: byHand.length > 0 ? `graded by hand: ${byHand.join(', ')}` : '',
    output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: total === null ? tests.map(scoreInWords) : tests,
    extra_data: { stretchPoints: stretch.reduce((sum, one) => sum + one, 0), mode, seed },
  }
}

function scoreInWords({ score, max_score, ...test }: GradescopeTest): GradescopeTest {
  if (score === undefined) return test
  return { ...test, output: `${score} of ${max_score} points\n${test.output}`.trimEnd() }
}

function testsOf({ answers }: GradedStudent, plan: GradedExercise): GradescopeTest[] {
  const answer = answers.find(({ exercise }) => exercise === plan.name)
  if (!answer) return []
  const number = (index: number) => `${plan.name.slice(0, 2)}.${index + 1}`
  const shown = { output_format: 'text', visibility: 'visible' } as const
  if (answer.status === 'by hand')
    return [{ ...shown, name: `${plan.name}: graded by hand`, number: number(0), output: answer.reason }]
  if (answer.status === 'not handed in') {
    const score = { score: 0, max_score: plan.maxPoints, status: 'failed' } as const
    return [{ ...shown, name: plan.name, number: number(0), output: 'not handed in', ...score }]
  }
  return outcomesOf(plan, answer.result).map(({ check, verdict }, index) => {
    const found = answer.result.checks.find(({ id }) => id === check.id)
    const passed = verdict === 'passed'
    const points = check.stretch ? {} : { score: passed ? check.points : 0, max_score: check.points }
    const status = passed ? ('passed' as const) : ('failed' as const)
    const output = found ? outcomeText(found).join('\n') : ''
    return { ...shown, name: check.title, number: number(index), output, ...points, status }
  })
}
