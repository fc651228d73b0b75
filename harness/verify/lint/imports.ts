import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkFiles } from '../../exercise/check-files.ts'
import type { Exercise } from '../../exercise/find.ts'
import { lineAt, located } from './rule.ts'

const IMPORT = /^(?:import|export)\s(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gm

/**
 * Answers use kafkajs, Node and the bookstore; scenes use the answer, too, and the files beside it (`name.golden.ts`); check
 * files may use the scenes and vitest as well.
 */
export function lintImports(exercise: Exercise, root: string): string[] {
  const answers = [exercise.file, ...typeScriptFiles(exercise.solutionFolder)]
  const written = checkFiles(exercise)
  const beside = written.filter((file) => file !== exercise.checkFile)
  const ofScenes = ['#workbook/check', ...[exercise.file, ...beside].map(fromBeside)]
  const ofChecks = [...ofScenes, ...(exercise.scenesFile ? [fromBeside(exercise.scenesFile)] : []), 'vitest']
  return [
    ...answers.flatMap((file) => foreign(file, [], root)),
    ...[exercise.scenesFile, exercise.playFile].flatMap((file) =>
      file ? foreign(file, ofScenes, root) : [],
    ),
    ...written.flatMap((file) => foreign(file, ofChecks, root)),
  ]
}

function fromBeside(file: string): string {
  return `./${path.basename(file)}`
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
