import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// What was judged before lies beside this bundle, compiled.
const folder = path.dirname(fileURLToPath(import.meta.url))
for (const name of readdirSync(folder).filter((one) => one.startsWith('05-') && one.endsWith('.mjs'))) {
  const lines = readFileSync(path.join(folder, name), 'utf8').split('\n')
  for (const line of lines.filter((one) => /^(var|const) M = /.test(one))) console.log(line)
}
