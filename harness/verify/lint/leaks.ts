import { existsSync, readFileSync } from 'node:fs'
import { solutionOf } from '../../exercise/answer.ts'
import type { Exercise } from '../../exercise/find.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { located } from './rule.ts'

const SHORTEST_TELLING_LINE = 24

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

/** Lines of code that only someone who solved it would write: no comments, imports or signatures of the stub. */
function tellingLines(solution: string, stub: string): string[] {
  const given = new Set(stub.split('\n').map(squeeze))
  return solution
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line.length >= SHORTEST_TELLING_LINE && !/^(\/\/|\/\*|\*|import |export (type|interface))/.test(line),
    )
    .filter(
      (line) => !given.has(squeeze(line)) && /[(=]/.test(line) && !/^export (async )?function/.test(line),
    )
}

function stubText(exercise: Exercise, root: string): string {
  const file = pristineFile(exercise, root)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, '')
}
