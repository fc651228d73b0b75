import { type Look, paint } from '../report/style.ts'
import { type ExerciseState, type LearnerEntry, statesOf } from './learner.ts'
import { LONGEST_PAUSE, minutesSpent } from './time-spent.ts'

/** How far a learner is with the questions of all quizzes. */
export interface QuizProgress {
  questions: number
  /** Answered rightly the last time. */
  right: number
  due: number
}

/** How far a learner is with the book. Minutes are whole. */
export interface Standing {
  passed: number
  of: number
  attempts: number
  minutes: number
  mistakesMade: number
  mistakesMended: number
  quiz: QuizProgress
  /** Those that were begun, in the order of the book. */
  exercises: (ExerciseState & { exercise: string; minutes: number })[]
}

/** What the entries of a learner come to, for the exercises of the book. */
export function standingOf(
  names: readonly string[],
  entries: readonly LearnerEntry[],
  quiz: QuizProgress,
): Standing {
  const states = statesOf(entries)
  const minutes = minutesSpent(entries)
  const exercises = names.flatMap((exercise) => {
    const state = states.get(exercise)
    return state ? [{ exercise, ...state, minutes: Math.round(minutes.get(exercise) ?? 0) }] : []
  })
  const sum = (of: (one: Standing['exercises'][number]) => number) =>
    exercises.reduce((total, one) => total + of(one), 0)
  return {
    passed: sum((one) => Number(one.passed)),
    of: names.length,
    attempts: sum((one) => one.attempts),
    minutes: sum((one) => one.minutes),
    mistakesMade: sum((one) => one.mistakesMade.length),
    mistakesMended: sum((one) => one.mistakesMended.length),
    quiz,
    exercises,
  }
}

/** How far a learner is, as lines for a terminal. */
export function standingLines(standing: Standing, look: Look): string[] {
  const { passed, of, quiz } = standing
  const due = quiz.due > 0 ? `:  npm run quiz -- --review` : ''
  const width = Math.max(0, ...standing.exercises.map(({ exercise }) => exercise.length))
  return [
    '',
    `  passed    ${passed} of ${of}${look.ticks ? `  ${bar(passed, of)}` : ''}`,
    `  attempts  ${standing.attempts}, each text counted once`,
    `  time      ${standing.minutes} min, without pauses of more than ${LONGEST_PAUSE} min and what came before a first verdict`,
    `  mistakes  ${standing.mistakesMade} made, ${standing.mistakesMended} of them mended`,
    `  quiz      ${quiz.right} of ${quiz.questions} questions right, ${quiz.due} due again${due}`,
    '',
    ...standing.exercises.flatMap((one) => exerciseLines(one, width, look)),
    ...(standing.exercises.length > 0 ? [''] : []),
  ]
}

function bar(passed: number, of: number): string {
  return `${'█'.repeat(passed)}${'░'.repeat(of - passed)}`
}

function exerciseLines(one: Standing['exercises'][number], width: number, look: Look): string[] {
  const words = one.passed ? 'passed' : one.holds === 'solution' ? 'solution' : (one.verdict ?? 'open')
  const state = words.padEnd('not written'.length)
  const counts = `${`${one.attempts}`.padStart(3)} ${one.attempts === 1 ? 'attempt ' : 'attempts'}  ${`${one.minutes}`.padStart(4)} min`
  const first = `  ${one.exercise.padEnd(width)}  ${one.passed ? paint(look, 'green', state) : state}  ${counts}`
  const mistakes = one.mistakesMade.map((id) => {
    return `${' '.repeat(width + 4)}${id}${one.mistakesMended.includes(id) ? ', mended' : ''}`
  })
  return [first, ...mistakes]
}
