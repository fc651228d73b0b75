import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The files that the package brings: those of the learner's folder, some under another name (see `unpackedName`). */
const BROUGHT = fileURLToPath(new URL('../workbook', import.meta.url))
/** Says which files the package brought, with their hashes: what has another one is the learner's work. */
const LIST = 'harness/shipped.json'
const USAGE = [
  'npx kafka-workbook init DIR       makes a folder with the workbook in it',
  'npx kafka-workbook upgrade [DIR]  brings such a folder to this version, and keeps your answers',
]

/** Runs one command line. Exit code 2 when something stands in the way; nothing has been changed then. */
export function run([command, wanted, ...more]) {
  const commands = { init, upgrade }
  const isHelp = command === '--help' || command === '-h'
  if (!Object.hasOwn(commands, command ?? '') || more.length > 0 || (command === 'init' && !wanted)) {
    process[isHelp ? 'stdout' : 'stderr'].write(`${USAGE.join('\n')}\n`)
    process.exitCode = isHelp ? 0 : 2
    return
  }
  const { problem, lines } = commands[command](BROUGHT, path.resolve(wanted ?? '.'), wanted ?? '.')
  if (problem) process.stderr.write(`${problem}\n`)
  else process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = problem ? 2 : 0
}

/** Copies what the package brings (`brought`) to `folder`, which must be empty or not there. */
export function init(brought, folder, name) {
  if (fs.existsSync(folder) && (!fs.statSync(folder).isDirectory() || fs.readdirSync(folder).length > 0)) {
    return { problem: `${folder} is not empty.\nName a folder that is empty, or that is not there yet.` }
  }
  const files = broughtFiles(brought)
  for (const [file, content] of files) write(folder, file, content)
  const { version } = JSON.parse(files.get('package.json'))
  return {
    lines: [
      `Kafka Workbook ${version} is in ${folder}.`,
      '',
      `  cd ${name}`,
      '  npm test 01      the first command installs the packages, once',
      '',
      'Begin with README.md.',
    ],
  }
}

/**
 * Brings `folder` to the version of the package. Answers are never touched. What else the learner changed is kept in
 * `.workbook/replaced/VERSION/`, and so is what is no longer part of the workbook. An interrupted upgrade is done again.
 */
export function upgrade(brought, folder) {
  const files = broughtFiles(brought)
  const { version } = JSON.parse(files.get('package.json'))
  const found = readJson(folder, 'package.json')
  const problem = whyNot(folder, found, version)
  if (problem) return { problem }
  const before = readJson(folder, LIST).files
  const kept = []
  const keep = (file) => {
    const place = path.join('.workbook', 'replaced', found.version, file)
    write(folder, place, fs.readFileSync(path.join(folder, file)))
    kept.push(place)
  }
  let written = 0
  for (const [file, content] of files) {
    const there = hashAt(folder, file)
    // The list says what holds for the files, so it comes last.
    if (file === LIST || there === hashOf(content) || (there !== null && isAnswer(file))) continue
    if (there !== null && there !== before[file]) keep(file)
    else if (there !== null) rememberStub(folder, file)
    write(folder, file, content)
    written++
  }
  const gone = Object.keys(before).filter((file) => !files.has(file) && !isAnswer(file))
  for (const file of gone) {
    const there = hashAt(folder, file)
    if (there !== null && there !== before[file]) keep(file)
    fs.rmSync(path.join(folder, file), { force: true })
  }
  write(folder, LIST, files.get(LIST))
  return {
    lines: report({
      from: found.version,
      to: version,
      written,
      gone,
      kept,
      stubs: changedStubs(before, files),
    }),
  }
}

function whyNot(folder, found, version) {
  if (found?.workbook?.copy === 'student') {
    return `${folder} is a student's copy.\nYour teacher gives out newer ones.`
  }
  if (found?.workbook?.copy !== 'published' || !fs.existsSync(path.join(folder, LIST))) {
    return `${folder} was not made by "npx kafka-workbook init".\nA clone is upgraded by git pull.`
  }
  if (found.version.localeCompare(version, 'en', { numeric: true }) > 0) {
    return `${folder} has version ${found.version}; this is the older ${version}.\nSay: npx kafka-workbook@latest upgrade`
  }
  return null
}

function report({ from, to, written, gone, kept, stubs }) {
  const lines = [
    from === to ? `Kafka Workbook ${to}` : `Kafka Workbook ${from} -> ${to}`,
    `  ${written} files are new or have changed, ${gone.length} are gone; your answers are as they were`,
  ]
  if (kept.length > 0)
    lines.push('  Files that you had changed are kept:', ...kept.map((file) => `    ${file}`))
  if (stubs.length > 0) {
    lines.push(`  These exercises begin with another program now: ${stubs.join(' ')}`)
    lines.push('  npm run diff NN -- --upgrade shows what is new in it.')
    lines.push('  npm run reset NN takes the new one, and keeps your attempt.')
  }
  return lines
}

/** Numbers of the exercises whose stub is another one than before. */
function changedStubs(before, files) {
  return [...files.keys()]
    .filter((file) => /^harness\/exercise\/pristine\/\d\d-/.test(file) && before[file] !== undefined)
    .filter((file) => before[file] !== hashOf(files.get(file)))
    .map((file) => path.posix.basename(file).slice(0, 2))
}

/** The stub that the learner began with, where harness/progress/stubs.ts looks for it; what is remembered stays. */
function rememberStub(folder, file) {
  const name = /^harness\/exercise\/pristine\/(.+)\.ts\.txt$/.exec(file)?.[1]
  if (name === undefined) return
  const place = path.join('.workbook', 'stubs', `${name}.ts`)
  if (!fs.existsSync(path.join(folder, place))) write(folder, place, fs.readFileSync(path.join(folder, file)))
}

/** What a learner writes: `exercises/03-produce-event/produce-event.ts`. */
function isAnswer(file) {
  return /^exercises\/\d\d-([a-z0-9-]+)\/\1\.ts$/.test(file)
}

/** The files that the package brings, by their place in the learner's folder. */
function broughtFiles(brought) {
  const names = fs.readdirSync(brought, { recursive: true }).map((name) => name.split(path.sep).join('/'))
  const files = names.filter((name) => fs.statSync(path.join(brought, name)).isFile()).sort()
  return new Map(files.map((name) => [unpackedName(name), fs.readFileSync(path.join(brought, name))]))
}

/** npm leaves `.gitignore`, `.npmrc` and `package-lock.json` out of a package: they travel as `.gitignore.packed`. */
function unpackedName(name) {
  return name.replace(/\.packed$/, '')
}

/** By a file of this process and a rename, so that a file is whole, old or new. */
function write(folder, file, content) {
  const place = path.join(folder, file)
  fs.mkdirSync(path.dirname(place), { recursive: true })
  const unfinished = `${place}.${randomUUID()}`
  fs.writeFileSync(unfinished, content)
  fs.renameSync(unfinished, place)
}

function hashAt(folder, file) {
  const place = path.join(folder, file)
  return fs.existsSync(place) ? hashOf(fs.readFileSync(place)) : null
}

/** Of the text with plain line ends: git may have written others. The same as in harness/grade/release/npm-package.ts. */
function hashOf(content) {
  return createHash('sha256')
    .update(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    .digest('hex')
}

function readJson(folder, file) {
  const place = path.join(folder, file)
  return fs.existsSync(place) ? JSON.parse(fs.readFileSync(place, 'utf8')) : null
}
