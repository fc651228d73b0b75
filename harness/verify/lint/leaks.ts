import { existsSync, readFileSync } from 'node:fs'
import { solutionOf } from '../../exercise/answer.ts'
import type { Exercise } from '../../exercise/find.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { squeeze, tellingLines } from '../../exercise/telling-lines.ts'
import { located } from './rule.ts'

/** No telling line of the solution stands in the stub, in the page or in the hints. */
export function lintLeaks(exercise: Exercise, root: string): string[] {
  const solution = solutionOf(exercise).file
  if (!existsSync(solution)) return [located(root, solution, 1, 'the solution is missing')]
  const telling = tellingLines(readFileSync(solution, 'utf8'), stubText(exercise, root))
  return [pristineFile(exercise, root), exercise.pageFile, exercise.hintsFile].flatMap((file) => {
    if (!existsSync(file)) return []
    const text = readFileSync(file, 'utf8')
    const flat = new Map(text.split('\n').map((line, index) => [squeeze(line), index + 1]))
    return telling.flatMap((line) => {
      const at = [...flat].find(([shown]) => shown.includes(squeeze(line)))
      return at ? [located(root, file, at[1], `gives away a line of the solution: ${line}`)] : []
    })
  })
}

function stubText(exercise: Exercise, root: string): string {
  const file = pristineFile(exercise, root)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
