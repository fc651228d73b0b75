import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkFiles } from '../../exercise/check-files.ts'
import type { Exercise } from '../../exercise/find.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { located } from './rule.ts'

/** What an author has still to write: every line with `TODO(author)`, as `npm run new exercise` leaves them. */
export function lintTodos(exercise: Exercise, root: string): string[] {
  const { pageFile, hintsFile, scenesFile, solutionFolder } = exercise
  const answers = existsSync(solutionFolder)
    ? readdirSync(solutionFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.ts'),
      )
    : []
  const files = [
    pageFile,
    hintsFile,
    ...(scenesFile ? [scenesFile] : []),
    ...checkFiles(exercise),
    pristineFile(exercise, root),
    ...answers.map((name) => path.join(solutionFolder, name)),
  ]
  return files.filter((file) => existsSync(file)).flatMap((file) => todosIn(file, root))
}

function todosIn(file: string, root: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const todo = /TODO\(author\):?\s*(.*?)\s*(\*\/)?$/.exec(line)
    return todo ? [located(root, file, index + 1, `to be written: ${todo[1]}`)] : []
  })
}
