import { builtinModules } from 'node:module'
import path from 'node:path'
import type { OnResolveResult, Plugin } from 'esbuild'
import type { AnswerCode } from './messages.ts'

export const ENTRY = 'workbook:entry'
const KAFKAJS = 'workbook:kafkajs'

/**
 * What the imports of answers and scenes mean: the exercise's own file is the answer, `#bookstore` is the workbook's
 * wherever the answer lies, kafkajs is the child's (one instance for stage, scenes and answer), and nothing else is there.
 */
export function ownImports(code: AnswerCode, root: string, kafkajs: string): Plugin {
  const replaced =
    code.scenesFile && path.join(path.dirname(code.scenesFile), code.exercise.replace(/^\d+-/, ''))
  const builtins = new Set(builtinModules)

  const relative = (from: string, wanted: string): OnResolveResult | undefined => {
    const file = path.resolve(from, wanted)
    return file.replace(/\.[jt]s$/, '') === replaced ? { path: code.answerFile } : undefined
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
      build.onResolve({ filter: /^\.{1,2}(\/|$)/ }, (found) => relative(found.resolveDir, found.path))
      build.onResolve({ filter: /^[^./]/ }, (found) => {
        // On Windows an absolute path has a letter in front: D:\workbook\...
        if (found.namespace === 'workbook' || path.isAbsolute(found.path)) return { path: found.path }
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

function problem(text: string): OnResolveResult {
  return { errors: [{ text }] }
}
