import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkFiles } from '../../exercise/check-files.ts'
import type { Exercise } from '../../exercise/find.ts'
import { lineAt, located } from './rule.ts'

const IMPORT = /^(?:import|export)\s(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gm

/**
 * Answers use kafkajs, Node and the bookstore; check files may use vitest, `#workbook/check` and what is beside them, too.
 */
export function lintImports(exercise: Exercise, root: string): string[] {
  const answers = [exercise.file, ...typeScriptFiles(exercise.solutionFolder)]
  const own = `./${path.basename(exercise.file)}`
  const ofScenes = ['#workbook/check', own]
  const written = checkFiles(exercise)
  const beside = [...written, ...(exercise.scenesFile ? [exercise.scenesFile] : [])]
  const ofChecks = [...ofScenes, ...beside.map((file) => `./${path.basename(file)}`), 'vitest']
  return [
    ...answers.flatMap((file) => foreign(file, [], root)),
    ...(exercise.scenesFile ? foreign(exercise.scenesFile, ofScenes, root) : []),
    ...written.flatMap((file) => foreign(file, ofChecks, root)),
  ]
}

function foreign(file: string, allowed: string[], root: string): string[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(IMPORT)]
    .filter(
      ([, from = '']) => !['kafkajs', '#bookstore', ...allowed].includes(from) && !from.startsWith('node:'),
    )
    .map((match) => located(root, file, lineAt(text, match.index), `should not import ${match[1]}`))
}

function typeScriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name))
}
