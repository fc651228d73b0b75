import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

/** The exercise that `wanted` names; without a name the one in hand: the first that the learner has not passed. */
export function wantedOrInHand(
  { root, screen }: Pick<Invocation, 'root' | 'screen'>,
  wanted: string | undefined,
): Exercise {
  const exercises = listExercises(root)
  if (wanted !== undefined) return findExercise(exercises, wanted)
  const states = statesOf(readJournal(screen, learnerJournal(root)))
  const exercise = exerciseInHand(exercises, states)
  const why = states.get(exercise.name)?.passed
    ? 'all are passed, and it is the last one'
    : 'it is the first that you have not passed'
  screen.note(`No exercise was named, so this is about ${exercise.name}: ${why}.`)
  return exercise
}
