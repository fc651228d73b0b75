import { type GradedAnswer, type GradedStudent, type Grades, totalOf } from '../grades.ts'
import { toCsv } from './csv.ts'

/** marks.csv: one row for each student, one column for each exercise, `by hand` where there is no mark yet. */
export function marksCsv({ exercises, students }: Grades): string {
  const max = exercises.reduce((sum, { maxPoints }) => sum + maxPoints, 0)
  const head = [
    'student',
    'name',
    'number',
    ...exercises.map(({ name, maxPoints }) => `${name} (${maxPoints})`),
    `total (${max})`,
    'stretch',
    'late',
    'notes',
  ]
  return toCsv([head, ...students.map(row)])
}

function row(student: GradedStudent): (string | number)[] {
  const { id, name, systemId, late, answers } = student
  const stretch = answers.reduce((sum, one) => sum + ('stretchPoints' in one ? one.stretchPoints : 0), 0)
  const marks = answers.map((one) => (one.status === 'by hand' ? 'by hand' : one.points))
  return [
    id,
    name,
    systemId,
    ...marks,
    totalOf(student) ?? 'by hand',
    stretch,
    late ? 'late' : '',
    notesOf(student),
  ]
}

function notesOf({ answers, notes }: GradedStudent): string {
  const byReason = new Map<string, string[]>()
  for (const answer of answers) {
    const reason = openReason(answer)
    if (reason) byReason.set(reason, [...(byReason.get(reason) ?? []), answer.exercise.slice(0, 2)])
  }
  const open = [...byReason].map(([reason, numbers]) => `${numbers.join(' ')} ${reason}`)
  const same = answers.flatMap(({ exercise, sameTextAs }) =>
    sameTextAs.length > 0 ? [`${exercise.slice(0, 2)} same text as ${sameTextAs.join(', ')}`] : [],
  )
  // What keeps an answer from being graded says so there.
  const others = notes.filter((note) => ![...byReason.keys()].some((reason) => reason.endsWith(note)))
  return [...others, ...open, ...same].join('; ')
}

function openReason(answer: GradedAnswer): string | null {
  if (answer.status === 'by hand') return `by hand: ${answer.reason}`
  return answer.status === 'not handed in' ? 'not handed in' : null
}
