import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'
import { installPackages } from './install.mjs'

const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
/** The commands that need the authors' packages: the compiler, the linter, the property tests. */
const AUTHOR_COMMANDS = ['verify', 'bench', 'fuzz']

/**
 * Runs the command line tool in this process: installs the packages when they are not there, bundles the harness
 * when it has changed, and hands over to `main` of harness/cli/main.ts, whose number is the exit code.
 */
export async function launch(argv) {
  const problem = await prepare(argv)
  if (problem) {
    process.stderr.write(`${problem}\n`)
    process.exitCode = 2
  }
}

/** Returns what stands in the way, as the lines to print, or null after the command has run. */
async function prepare(argv) {
  const forAuthors = AUTHOR_COMMANDS.includes(argv[0]) && isWhole()
  const problem = await installPackages(ROOT, { forAuthors })
  if (problem) return problem
  let built
  try {
    built = await bundle(ROOT)
  } catch (error) {
    return `The workbook's own code could not be built.\n${error.message}`
  }
  // Reading the source maps costs time that only somebody who looks for a fault in the harness wants to spend.
  if (argv.includes('--debug')) process.setSourceMapsEnabled(true)
  const { main } = await import(pathToFileURL(built.files.main).href)
  // Not process.exit: what was written to a pipe would be cut off.
  process.exitCode = await main(argv, ROOT, built.dir)
  return null
}

/** A copy for learners or students leaves these commands out: it says so, and installs nothing for them. */
function isWhole() {
  return JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).workbook === undefined
}
