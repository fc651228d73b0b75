import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { listExercises } from '../../exercise/find.ts'
import { type CopiedFile, copiedFiles } from './copied-files.ts'
import { refuseFolder, writeFiles } from './student-copy.ts'

/** npm leaves these out of a package, so they travel under another name; harness/bin/learners-folder.mjs gives it back. */
const LEFT_OUT_BY_NPM = ['.gitattributes', '.gitignore', '.npmrc', 'package-lock.json']
const PROGRAM = ['kafka-workbook.mjs', 'learners-folder.mjs', 'node-version.mjs']
/** The list of what the package brings; `upgrade` knows by it what the learner changed. */
const LIST = 'harness/shipped.json'

/**
 * Writes the npm package `kafka-workbook` to a folder: a program without dependencies, and the workbook as data. The
 * workbook's own package.json is private and no package: npx would install all of its packages just to copy files. Returns
 * how many files it has.
 */
export function writeNpmPackage(root: string, folder: string): number {
  refuseFolder(root, folder)
  const solutions = listExercises(root)
  const copied = copiedFiles(root, { edition: 'published', solutions, quizKeys: true })
  const workbook = [...copied, { path: LIST, content: Buffer.from(shippedList(copied)) }]
  const files = [
    ...workbook.map(({ path: name, content }) => ({ path: `workbook/${packedName(name)}`, content })),
    ...PROGRAM.map((name) => ({
      path: `bin/${name}`,
      content: readFileSync(path.join(root, 'harness/bin', name)),
    })),
    { path: 'LICENSE', content: readFileSync(path.join(root, 'LICENSE')) },
    { path: 'package.json', content: Buffer.from(manifestOf(root)) },
    { path: 'README.md', content: Buffer.from(PAGE) },
  ]
  writeFiles(folder, files)
  return files.length
}

function packedName(name: string): string {
  return LEFT_OUT_BY_NPM.includes(name) ? `${name}.packed` : name
}

/** What `harness/shipped.json` says of the files that a package brings: their hashes. */
export function shippedList(files: readonly CopiedFile[]): string {
  const hashes = files.map(({ path: name, content }) => [name, hashOf(content)])
  return `${JSON.stringify({ files: Object.fromEntries(hashes) }, null, 1)}\n`
}

/** Of the text with plain line ends: git may write others. */
function hashOf(content: Buffer): string {
  return createHash('sha256')
    .update(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    .digest('hex')
}

function manifestOf(root: string): string {
  const { name, version, description, license, engines, repository } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  )
  const manifest = {
    name,
    version,
    description,
    license,
    repository,
    type: 'module',
    engines,
    bin: { 'kafka-workbook': 'bin/kafka-workbook.mjs' },
    files: ['bin', 'workbook'],
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

const PAGE = `# kafka-workbook

Learn Apache Kafka by doing: exercises that judge themselves, with a Kafka broker of their own.

    npx kafka-workbook init my-kafka
    cd my-kafka
    npm test 01

A newer version, with your answers kept: \`npx kafka-workbook@latest upgrade\`, in that folder.
`
