import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'

/** The exercise that `wanted` names; without a name the one in hand: the first that the learner has not passed. */
export function wantedOrInHand(root: string, wanted: string | undefined): Exercise {
  const exercises = listExercises(root)
  if (wanted !== undefined) return findExercise(exercises, wanted)
  return exerciseInHand(exercises, statesOf(learnerJournal(root).read().entries))
}
