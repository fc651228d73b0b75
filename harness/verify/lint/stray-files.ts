import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { answerIds, shippedAnswer, solutionOf } from '../../exercise/answer.ts'
import { checkFiles } from '../../exercise/check-files.ts'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { morePages } from '../../exercise/more-pages.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { located } from './rule.ts'

/**
 * Files among the exercises, the solutions and the pristine stubs that nothing reads: one left behind when an exercise got
 * another name, a second solution, notes, a folder whose name is not one of an exercise. Hidden files are nobody's business.
 */
export function lintStrayFiles(root: string): string[] {
  const known = new Set([
    path.join(root, 'exercises', 'bookstore.ts'),
    path.join(root, 'solutions', 'tsconfig.json'),
    ...listExercises(root).flatMap((exercise) => filesOf(exercise, root)),
  ])
  return ['exercises', 'solutions', path.join('harness', 'exercise', 'pristine')]
    .flatMap((folder) => filesUnder(path.join(root, folder)))
    .filter((file) => !known.has(file))
    .map((file) => located(root, file, 1, 'belongs to no exercise: nothing reads it'))
}

function filesOf(exercise: Exercise, root: string): string[] {
  const { file, pageFile, hintsFile, scenesFile, playFile } = exercise
  const answers = (['alternative', 'mistake'] as const).flatMap((kind) =>
    answerIds(exercise, `${kind}s`).map((id) => shippedAnswer(exercise, kind, id)),
  )
  return [
    file,
    pageFile,
    hintsFile,
    ...[scenesFile, playFile].filter((one) => one !== null),
    ...checkFiles(exercise),
    ...morePages(exercise),
    pristineFile(exercise, root),
    ...[solutionOf(exercise), ...answers].map((answer) => answer.file),
  ]
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
  return entries.flatMap((entry) => {
    const place = path.join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(place) : [place]
  })
}
