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
  return [...notes, ...answers.flatMap(noteOf)].join('; ')
}

function noteOf(answer: GradedAnswer): string[] {
  const number = answer.exercise.slice(0, 2)
  const same = answer.sameTextAs.length > 0 ? [`${number}: same text as ${answer.sameTextAs.join(', ')}`] : []
  if (answer.status === 'by hand') return [`${number} by hand: ${answer.reason}`, ...same]
  return answer.status === 'not handed in' ? [`${number} not handed in`] : same
}
