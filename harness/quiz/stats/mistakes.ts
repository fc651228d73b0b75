import { exerciseFor } from '../feedback.ts'
import type { Item } from './items.ts'

/** A wrong idea that answers gave away. */
export interface MistakeStats {
  /** `05/math-abs`, a name from the head of a quiz, or null for a row of docs/often-said.md that has no name. */
  idea: string | null
  claim: number | null
  answers: number
  learners: number
  /** Numbers of the exercises that train it. */
  exercises: string[]
  questions: string[]
}

/** Every wrong idea that is behind a first answer, the one that most learners have first. */
export function mistakeStats(items: readonly Item[]): MistakeStats[] {
  const found = new Map<string, Tally>()
  for (const { known, answers } of items) {
    if (!known) continue
    const { quiz, question } = known
    for (const { graded, learner } of answers) {
      for (const { idea, claim } of graded?.wrong ?? []) {
        if (idea === undefined && claim === undefined) continue
        const key = idea ?? `claim ${claim}`
        const tally = found.get(key) ?? newTally(idea, claim)
        found.set(key, tally)
        tally.answers++
        tally.learners.add(learner)
        tally.questions.add(question.id)
        const exercise = idea === undefined ? question.exercise : exerciseFor({ idea }, quiz)
        if (exercise) tally.exercises.add(exercise)
      }
    }
  }
  const mistakes = [...found.values()].map(({ learners, exercises, questions, ...one }) => ({
    ...one,
    learners: learners.size,
    exercises: [...exercises],
    questions: [...questions],
  }))
  return mistakes.sort((a, b) => b.learners - a.learners || b.answers - a.answers)
}

interface Tally {
  idea: string | null
  claim: number | null
  answers: number
  learners: Set<object>
  exercises: Set<string>
  questions: Set<string>
}

function newTally(idea: string | undefined, claim: number | undefined): Tally {
  return {
    idea: idea ?? null,
    // One idea may be told in several wrong sentences, so a name has no number.
    claim: idea === undefined ? (claim ?? null) : null,
    answers: 0,
    learners: new Set(),
    exercises: new Set(),
    questions: new Set(),
  }
}
