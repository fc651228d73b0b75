import { type Look, paint } from '../report/style.ts'
import type { Confidence } from './answers.ts'
import { exerciseFor, feedbackLines } from './feedback.ts'
import type { Answered } from './run-quiz.ts'
import { RIGHT } from './schedule.ts'

export interface Score {
  points: number
  of: number
  /** Whole percent, rounded down: nobody passes by rounding. */
  percent: number
  passed: boolean
}

/** Points of a run; it is passed with the percentage that its quiz asks for, of several the highest. */
export function scoreOf(answered: readonly Answered[]): Score {
  const points = answered.reduce((sum, { dealt, graded }) => sum + dealt.question.points * graded.credit, 0)
  const of = answered.reduce((sum, { dealt }) => sum + dealt.question.points, 0)
  const percent = of === 0 ? 0 : Math.floor((points / of) * 100 + 1e-9)
  const pass = Math.max(0, ...answered.map(({ dealt }) => dealt.quiz.pass))
  return { points, of, percent, passed: of > 0 && percent >= pass }
}

/** What is said at the end of a run: the score, what to train, how well one knew what one knew. */
export function sheetLines(answered: readonly Answered[], isExam: boolean, look: Look): string[] {
  const { points, of, percent, passed } = scoreOf(answered)
  const word = passed ? paint(look, 'green', 'PASSED') : paint(look, 'yellow', 'NOT YET')
  return [
    ...(isExam ? answered.flatMap((one) => examLines(one, look)) : []),
    '',
    `  ${word}  ${shown(points)} of ${of} points, ${percent} %`,
    ...trainingLines(answered),
    ...confidenceLines(answered),
    '',
  ]
}

function shown(points: number): string {
  return Number.isInteger(points) ? `${points}` : points.toFixed(1)
}

function examLines({ dealt, entry, graded }: Answered, look: Look): string[] {
  return [
    '',
    `  ${paint(look, 'bold', dealt.question.title)}`,
    ...feedbackLines(dealt, entry.given, graded, look).slice(1, -1),
  ]
}

/** `two of your misses were commit-without-plus-one: exercise 08` */
function trainingLines(answered: readonly Answered[]): string[] {
  const counts = new Map<string, { count: number; exercise: string | undefined }>()
  for (const { dealt, graded } of answered) {
    for (const { idea, ...one } of graded.wrong) {
      if (idea === undefined) continue
      const exercise = exerciseFor({ ...one, idea }, dealt.quiz)
      counts.set(idea, { count: (counts.get(idea)?.count ?? 0) + 1, exercise })
    }
  }
  const often = [...counts].sort((a, b) => b[1].count - a[1].count)
  return often.map(([idea, { count, exercise }]) => {
    const name = idea.replace(/^\d\d\//, '')
    return `  ${count} of your misses: ${name}${exercise ? `, exercise ${exercise}` : ''}`
  })
}

const NAMES: Record<Confidence, string> = { 1: 'a guess', 2: 'fairly sure', 3: 'sure' }

function confidenceLines(answered: readonly Answered[]): string[] {
  return ([3, 2, 1] as const).flatMap((confidence) => {
    const said = answered.filter(({ entry }) => entry.confidence === confidence)
    const right = said.filter(({ graded }) => graded.credit >= RIGHT).length
    return said.length > 0 ? [`  ${NAMES[confidence]}: ${right} of ${said.length} right`] : []
  })
}
