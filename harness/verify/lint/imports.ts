import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from '../../exercise/find.ts'
import { lineAt, located } from './rule.ts'

const IMPORT = /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]/gm

/**
 * Answers use kafkajs, Node and the bookstore; scenes use the answer, too, and what did not fit into them and lies beside
 * them (`name.golden.ts`); check files may use the scenes and vitest as well.
 */
export function lintImports(exercise: Exercise, root: string): string[] {
  const answers = [exercise.file, ...typeScriptFiles(exercise.solutionFolder)]
  const beside = filesBeside(exercise)
  const scenes = [...(exercise.scenesFile ? [exercise.scenesFile] : []), ...beside]
  const ofScenes = ['#workbook/check', ...[exercise.file, ...beside].map(fromBeside)]
  const ofChecks = [...ofScenes, `./${path.basename(exercise.file, '.ts')}.scenes.ts`, 'vitest']
  return [
    ...answers.flatMap((file) => foreign(file, [], root)),
    ...scenes.flatMap((file) => foreign(file, ofScenes, root)),
    ...foreign(exercise.checkFile, ofChecks, root),
  ]
}

/** `name.golden.ts` and its like: all but the answer, the scenes and the checks. */
function filesBeside({ file, scenesFile, checkFile }: Exercise): string[] {
  const folder = path.dirname(file)
  const start = `${path.basename(file, '.ts')}.`
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && name.endsWith('.ts'))
    .map((name) => path.join(folder, name))
    .filter((one) => one !== file && one !== scenesFile && one !== checkFile)
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
