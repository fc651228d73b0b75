#!/usr/bin/env node
// The command of the npm package: `npx kafka-workbook init my-kafka`. It needs Node and nothing else. An old Node has to
// be able to read this file, to say that it is too old; what needs a newer one is imported after that.
import { nodeTooOld } from './node-version.mjs'

const problem = nodeTooOld(process.version)
if (problem) {
  process.stderr.write(problem)
  process.exitCode = 2
} else {
  import('./learners-folder.mjs')
    .then((folder) => folder.run(process.argv.slice(2)))
    .catch((error) => {
      process.stderr.write(`${error.stack}\n`)
      process.exitCode = 2
    })
}
