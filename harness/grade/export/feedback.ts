import { plain } from '../../report/style.ts'
import { type GradedAnswer, type GradedExercise, type GradedStudent, outcomesOf, totalOf } from '../grades.ts'
import { NOT_LOOKED_AT, outcomeText } from './outcome-text.ts'

const SIGNS = { passed: '✓', failed: '✗', blocked: '·', error: '!' } as const

/** Feedback for one student as Markdown. What a student has chosen stands in it as text, never as Markdown or HTML. */
export function feedbackOf(student: GradedStudent, exercises: readonly GradedExercise[]): string {
  const max = exercises.reduce((sum, { maxPoints }) => sum + maxPoints, 0)
  const total = totalOf(student)
  const lines = [
    `# ${escaped(student.name)}`,
    '',
    total === null ? openLine(student) : `**${total} of ${max} points**`,
    '',
    ...exercises.flatMap((plan) => {
      const answer = student.answers.find(({ exercise }) => exercise === plan.name)
      return answer ? section(plan, answer) : []
    }),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function openLine({ answers }: GradedStudent): string {
  const isAll = answers.every(({ status }) => status === 'by hand')
  return isAll
    ? 'It will be graded by hand.'
    : 'Some of it will be graded by hand, so there is no total yet; the rest is below.'
}

function section(plan: GradedExercise, answer: GradedAnswer): string[] {
  if (answer.status === 'not handed in')
    return [
      `## ${plan.name}: 0 of ${plan.maxPoints}`,
      '',
      `Not handed in: no \`${answerFile(plan)}\` was there.`,
      '',
    ]
  if (answer.status === 'by hand')
    return [`## ${plan.name}: graded by hand`, '', `Why: ${escaped(answer.reason).replace(/\.$/, '')}.`, '']
  const stretch = answer.stretchPoints > 0 ? `, and ${answer.stretchPoints} beyond` : ''
  const { result } = answer
  return [
    `## ${plan.name}: ${answer.points} of ${plan.maxPoints}${stretch}`,
    '',
    ...(result.verdict === 'not written' ? ['Not written yet: the code throws its TODO.', ''] : []),
    ...outcomesOf(plan, result).flatMap(({ check, verdict }) => {
      const found = result.checks.find(({ id }) => id === check.id)
      const why = found && verdict === 'failed' ? outcomeText(found) : []
      const beyond = check.stretch ? ' (beyond what is asked)' : ''
      const waits = verdict === 'blocked' ? ` (${NOT_LOOKED_AT})` : ''
      return [`- ${SIGNS[verdict ?? 'error']} ${escaped(check.title)}${beyond}${waits}`, ...fenced(why)]
    }),
    '',
  ]
}

/** `produce-event.ts`: the name under which the answer is looked for. */
function answerFile({ name }: GradedExercise): string {
  return `${name.replace(/^\d+-/, '')}.ts`
}

/** Text as a code block of a list item; the fence is longer than any run of backticks in it. */
function fenced(lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const runs = lines.join('\n').match(/`+/g) ?? []
  const longest = Math.max(2, ...runs.map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return ['', `  ${fence}text`, ...lines.map((line) => `  ${line}`), `  ${fence}`, '']
}

function escaped(text: string): string {
  return plain(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&')
}
