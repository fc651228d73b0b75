import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { type CoursePath, exercisesOn, nextOn, pathOf, WHOLE_BOOK } from '../exercise/paths.ts'
import { exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

/**
 * The exercise that `wanted` names; without a name the one in hand: the first on the learner's path that is not passed.
 */
export function wantedOrInHand(
  { root, screen }: Pick<Invocation, 'root' | 'screen'>,
  wanted: string | undefined,
): Exercise {
  const exercises = listExercises(root)
  if (wanted !== undefined) return findExercise(exercises, wanted)
  const entries = readJournal(screen, learnerJournal(root))
  const states = statesOf(entries)
  const path = pathOf(entries)
  const exercise = exerciseInHand(exercisesOn(path, exercises), states)
  const why = states.get(exercise.name)?.passed
    ? `all${onPath(path)} are passed, and it is the last one`
    : `it is the first${onPath(path)} that you have not passed`
  screen.note(`No exercise was named, so this is about ${exercise.name}: ${why}.`)
  return exercise
}

/** ` on the path "two hours"`; nothing for the whole book. */
export function onPath({ name }: CoursePath): string {
  return name === WHOLE_BOOK.name ? '' : ` on the path "${name}"`
}

/** The exercise after this one on the learner's path. A journal that cannot be read costs no verdict: then that in the book. */
export function nextForLearner(root: string, exercise: Exercise): Exercise | null {
  return nextOn(pathTakenAt(root), listExercises(root), exercise)
}

function pathTakenAt(root: string): CoursePath {
  try {
    return pathOf(learnerJournal(root).read().entries)
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error
    return WHOLE_BOOK
  }
}
