import { type GradedAnswer, type Grades, waysOf } from './grades.ts'

/** In what the grading itself was another one: a line for each, `different modes: learn -> strict`. */
export function diffWays(older: Grades, newer: Grades): string[] {
  const now = new Map(waysOf(newer))
  return waysOf(older).flatMap(([name, was]) => {
    const is = now.get(name)
    return was === is ? [] : [`different ${name}: ${was} -> ${is}`]
  })
}

/** What a regrade has changed: one line for each mark that is another one, and for each student who is new or gone. */
export function diffGrades(older: Grades, newer: Grades): string[] {
  const before = new Map(older.students.map((student) => [student.id, student]))
  const after = new Map(newer.students.map((student) => [student.id, student]))
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  return ids.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    if (!was) return [`${id}: new`]
    if (!is) return [`${id}: no longer there`]
    const names = [...new Set([...was.answers, ...is.answers].map(({ exercise }) => exercise))].sort()
    return names.flatMap((name) => {
      const [old, now] = [was, is].map(({ answers }) => shown(answers.find((one) => one.exercise === name)))
      return old === now ? [] : [`${id}: ${name} ${old} -> ${now}`]
    })
  })
}

function shown(answer: GradedAnswer | undefined): string {
  if (!answer) return 'not asked for'
  if (answer.status !== 'graded') return answer.status
  const { points, stretchPoints } = answer
  return stretchPoints > 0 ? `${points} and ${stretchPoints} beyond` : `${points}`
}
