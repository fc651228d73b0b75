import { WorkbookError } from '../errors.ts'
import { type GradedAnswer, type GradedExercise, type GradedStudent, type Grades, waysOf } from './grades.ts'
import type { HandedAnswer, HandIn } from './hand-in.ts'
import { type Results, textKey } from './judge-class.ts'
import { markOf } from './mark.ts'

/** The students of a class with their marks, in the order of the submissions. */
export function gradeStudents(
  handIns: readonly HandIn[],
  results: Results,
  plans: readonly GradedExercise[],
): GradedStudent[] {
  const students = handIns.map(({ submission, answers, problems, notes }): GradedStudent => {
    const { id, name, systemId, late } = submission
    const graded = answers.map((answer) => gradeAnswer(answer, results, plans))
    return { id, name, systemId, late, notes: [...submission.notes, ...problems, ...notes], answers: graded }
  })
  return withSameTexts(students)
}

function gradeAnswer(answer: HandedAnswer, results: Results, plans: readonly GradedExercise[]): GradedAnswer {
  const exercise = answer.exercise.name
  const common = { exercise, sameTextAs: [] }
  if (answer.kind === 'missing') return { ...common, status: 'not handed in', points: 0, stretchPoints: 0 }
  if (answer.kind === 'unclear')
    return { ...common, status: 'by hand', reason: answer.reason, path: null, codeHash: null }
  const { path, codeHash } = answer
  const plan = plans.find(({ name }) => name === exercise)
  const result = results.get(textKey(answer.exercise, answer.hash))
  if (!plan || !result || result instanceof Error) {
    const reason = `could not be judged: ${result instanceof Error ? result.message : 'nobody did'}`
    return { ...common, status: 'by hand', reason, path, codeHash }
  }
  const mark = markOf(plan, result)
  return mark.status === 'graded'
    ? { ...common, ...mark, path, codeHash, result }
    : { ...common, ...mark, path, codeHash }
}

/** The same students, each answer with the ids of those whose answer says the same. */
export function withSameTexts(students: readonly GradedStudent[]): GradedStudent[] {
  const owners = new Map<string, string[]>()
  for (const { id, answers } of students)
    for (const answer of answers) {
      const key = sameKey(answer)
      if (key) owners.set(key, [...(owners.get(key) ?? []), id])
    }
  return students.map((student) => ({
    ...student,
    answers: student.answers.map((answer) => ({
      ...answer,
      sameTextAs: (owners.get(sameKey(answer) ?? '') ?? []).filter((id) => id !== student.id),
    })),
  }))
}

function sameKey(answer: GradedAnswer): string | null {
  if (answer.status === 'not handed in' || answer.codeHash === null) return null
  return `${answer.exercise} ${answer.codeHash}`
}

/**
 * Puts the parts of a class together, whoever graded them. Throws a WorkbookError when they are not all the parts of one
 * class, graded in the same way: marks of different checks or seeds do not belong in one list.
 */
export function mergeGrades(parts: readonly Grades[]): Grades {
  const [first, ...others] = parts
  if (!first) throw new WorkbookError('There is nothing to merge.', 'Give the grades.json of every part.')
  for (const other of others) refuseDifferent(first, other)
  refuseMissing(parts)
  const students = parts.flatMap((part) => part.students).sort((a, b) => (a.id < b.id ? -1 : 1))
  refuseTwice(students)
  const notRecognised = new Map(parts.flatMap((part) => part.notRecognised.map((one) => [one.name, one])))
  return {
    ...first,
    startedAt: parts.map((part) => part.startedAt).sort()[0] as string,
    durationMs: Math.max(...parts.map((part) => part.durationMs)),
    shard: null,
    students: withSameTexts(students),
    notRecognised: [...notRecognised.values()],
  }
}

function refuseDifferent(one: Grades, other: Grades): void {
  const ways = (grades: Grades) =>
    [...waysOf(grades), ['exercises', JSON.stringify(grades.exercises)]] as const
  const mine = new Map(ways(one))
  const different = ways(other).find(([name, value]) => mine.get(name) !== value)
  if (!different) return
  throw new WorkbookError(
    `The parts were graded with different ${different[0]}.`,
    'Grade all of them in the same way: the same workbook, --exercise, --broker, --seed, and --strict or --container.',
  )
}

/** Parts are cut by the order of the submissions: one that comes or goes in between moves all that follow. */
function refuseTwice(students: readonly GradedStudent[]): void {
  const ids = students.map(({ id }) => id)
  const twice = students.find(({ id }, at) => ids.indexOf(id) !== at)
  if (!twice) return
  throw new WorkbookError(
    `${twice.id} is in two parts.`,
    'The submissions have changed between the parts: grade all parts of the same ones again.',
  )
}

function refuseMissing(parts: readonly Grades[]): void {
  const of = parts[0]?.shard?.of
  const numbers = parts.map((part) => (part.shard?.of === of ? part.shard?.index : undefined))
  const wanted = Array.from({ length: of ?? 0 }, (_, index) => index + 1)
  const missing = wanted.filter((number) => !numbers.includes(number))
  const odd = of === undefined || numbers.includes(undefined) || numbers.length !== of
  if (missing.length === 0 && !odd) return
  throw new WorkbookError(
    missing.length > 0
      ? `Part ${missing.join(', ')} of ${of} is missing.`
      : 'These are not the parts of one class.',
    'Give the grades.json of every --shard, each once.',
  )
}
