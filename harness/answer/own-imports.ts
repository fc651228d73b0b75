import { builtinModules } from 'node:module'
import path from 'node:path'
import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'
import type { AnswerCode } from './messages.ts'

export const ENTRY = 'workbook:entry'
const KAFKAJS = 'workbook:kafkajs'

/** What the imports of one workbook mean. */
export interface ImportRules {
  /** Absolute path of the workbook. */
  root: string
  /** The file that is kafkajs for the process that runs the answer. */
  kafkajs: string
  /** Whether an answer may import files of its own; else it is one file, and the rest is the workbook's. */
  ownFiles: boolean
}

/**
 * What the imports of answers and scenes mean: the exercise's own file is the answer, `#bookstore` is the workbook's
 * wherever the answer lies, kafkajs is the child's (one instance for stage, scenes and answer), and nothing else is there.
 * The harness compiles with its own rights, so an answer reaches no file by an import that it is not meant to have.
 */
export function ownImports(code: AnswerCode, { root, kafkajs, ownFiles }: ImportRules): Plugin {
  const { answerFile, scenesFile } = code
  const replaced = scenesFile && path.join(path.dirname(scenesFile), code.exercise.replace(/^\d+-/, ''))
  const builtins = new Set(builtinModules)
  const exercises = path.join(root, 'exercises')
  const answerFolder = isInside(exercises, answerFile) ? exercises : path.dirname(answerFile)

  const relative = ({ resolveDir, importer, path: wanted }: OnResolveArgs): OnResolveResult | undefined => {
    const file = path.resolve(resolveDir, wanted)
    if (scenesFile && importer !== answerFile && isInside(path.dirname(scenesFile), importer)) {
      return file.replace(/\.[jt]s$/, '') === replaced ? { path: answerFile } : undefined
    }
    if (!ownFiles) return problem(`"${wanted}" is not there: an answer that is graded is one file`)
    if (isInside(answerFolder, file)) return undefined
    return problem(`"${wanted}" is not there: import files that lie beside your own`)
  }

  const bare = (wanted: string): OnResolveResult => {
    if (wanted === 'kafkajs') return { path: KAFKAJS, namespace: 'workbook' }
    if (wanted === '#bookstore') return { path: path.join(root, 'exercises', 'bookstore.ts') }
    if (wanted.startsWith('node:') || builtins.has(wanted)) return { path: wanted, external: true }
    if (wanted === '#workbook/check') {
      return problem(
        '#workbook/check belongs to the checks: here only its types may be imported (import type ...)',
      )
    }
    return problem(
      `"${wanted}" is not there: import kafkajs, #bookstore, files of your own or what comes with Node`,
    )
  }

  return {
    name: 'own-imports',
    setup(build) {
      build.onResolve({ filter: /^workbook:/ }, (found) => ({ path: found.path, namespace: 'workbook' }))
      build.onLoad({ filter: /.*/, namespace: 'workbook' }, (found) => ({
        contents: found.path === ENTRY ? entry(code) : kafkajsModule(kafkajs),
        resolveDir: root,
        loader: 'js',
      }))
      build.onResolve({ filter: /^\.{1,2}(\/|$)/ }, relative)
      build.onResolve({ filter: /^[^.]/ }, (found) => {
        // The answer and the scenes themselves, by their absolute paths.
        if (found.namespace === 'workbook') return { path: found.path }
        return bare(found.path)
      })
    },
  }
}

function entry(code: AnswerCode): string {
  const scenes = code.scenesFile ? `export * as scenes from ${JSON.stringify(code.scenesFile)}\n` : ''
  return `${scenes}export * as answer from ${JSON.stringify(code.answerFile)}\n`
}

/**
 * kafkajs as CommonJS, by its absolute path, so it does not matter where the bundle lies. esbuild then finds every named import, which
 * Node alone does not: it sees seven of kafkajs's exports, and none of its errors.
 */
function kafkajsModule(kafkajs: string): string {
  const file = JSON.stringify(kafkajs)
  return `module.exports = process.getBuiltinModule('node:module').createRequire(${file})(${file})`
}

function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file)
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}

function problem(text: string): OnResolveResult {
  return { errors: [{ text }] }
}
