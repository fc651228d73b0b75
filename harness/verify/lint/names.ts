import { answerIds } from '../../exercise/answer.ts'
import { type Exercise, listExercises } from '../../exercise/find.ts'

/**
 * Whatever can be typed means one thing: no two exercises have the same number or name, and an answer's id is neither that
 * of another kind of answer nor `solution`.
 */
export function lintNames(root: string): string[] {
  const exercises = listExercises(root)
  const numbers = exercises.map(({ number }) => number)
  const names = exercises.map(({ name }) => name.slice(3))
  return [
    ...repeated(numbers).map((number) => `exercises: two folders have the number ${number}`),
    ...repeated(names).map((name) => `exercises: two folders have the name ${name}`),
    ...exercises.flatMap(answerProblems),
  ]
}

function answerProblems(exercise: Exercise): string[] {
  const ids = ['solution', ...answerIds(exercise, 'alternatives'), ...answerIds(exercise, 'mistakes')]
  return repeated(ids).map((id) => `solutions/${exercise.name}: "--answer ${id}" could mean two answers`)
}

/** Each of them once. */
function repeated(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))]
}
