import type { Exercise } from '../exercise/find.ts'
import { pristineStub } from '../exercise/pristine.ts'
import { hasNewStub } from '../progress/stubs.ts'
import type { Invocation } from './command.ts'
import type { Screen } from './screen.ts'

/** A newer workbook may have another stub than the one that the learner began with: told once. The learner's file stays. */
export function tellNewStub({ root, screen }: Invocation, exercise: Exercise): void {
  if (hasNewStub(root, exercise.name, pristineStub(exercise, root))) noteNewStub(screen, exercise)
}

export function noteNewStub(screen: Screen, { number }: Exercise): void {
  screen.note(`The stub of ${number} has changed since you began; your file is as you left it.`)
  screen.note(`What changed: npm run diff ${number} -- --upgrade.  To begin anew: npm run reset ${number}`)
}
