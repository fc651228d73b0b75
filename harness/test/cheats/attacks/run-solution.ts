import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Reads the solution, strips its types with the workbook's own compiler, and lets it answer.
const esbuild = createRequire('@ROOT@/package.json')('esbuild')
const { code } = esbuild.transformSync(readFileSync('@SOLUTION@', 'utf8'), { loader: 'ts', format: 'esm' })
const solution = await import(`data:text/javascript,${encodeURIComponent(code)}`)
export const { murmur2, partitionForKey, spreadKeyless, tableOf } = solution
