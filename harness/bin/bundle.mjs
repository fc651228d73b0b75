import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** What is built: the name of the file in the build folder, and where it starts. */
const ENTRIES = {
  main: 'harness/cli/main.ts',
  check: 'harness/check/index.ts',
  keeper: 'harness/answer/keeper.ts',
  worker: 'harness/run/worker.ts',
  'vitest-setup': 'harness/run/vitest-setup.ts',
  load: 'harness/verify/load/program.ts',
  'soak-broker': 'harness/verify/soak/broker.ts',
}
/** What is built into one file each: these are carried into containers. */
const SINGLE_ENTRIES = {
  child: 'harness/answer/child.ts',
  porter: 'harness/answer/porter.ts',
}
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Bundles the harness with esbuild when it has changed since the last time, and tells where the result lies:
 * `dir`, and in `files` the absolute path of every entry point by its name (see ENTRIES). Nothing but file dates is looked at when nothing has changed. Several processes may call this
 * at the same time.
 */
export async function bundle(root) {
  const builds = buildsFolder(root)
  const dir = path.join(builds, `cli-${keyOf(root)}`)
  if (fs.existsSync(dir)) {
    markAsUsed(dir)
  } else {
    await build(root, dir)
    removeUnused(builds)
  }
  const entries = { ...entriesOf(root, ENTRIES), ...entriesOf(root, SINGLE_ENTRIES) }
  const files = Object.fromEntries(Object.keys(entries).map((name) => [name, path.join(dir, `${name}.mjs`)]))
  return { dir, files }
}

/** Changes with every change of the harness, and with the place of the workbook: source maps hold paths. */
function keyOf(root) {
  const hash = createHash('sha256').update(root)
  for (const file of [...sourcesUnder(root, 'harness'), 'exercises/bookstore.ts', 'package.json']) {
    const stat = fs.statSync(path.join(root, file), { throwIfNoEntry: false })
    hash.update(`\n${file} ${stat?.size} ${stat?.mtimeMs}`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** The harness's own code below `folder`, in a stable order, without its tests. */
function sourcesUnder(root, folder) {
  return fs
    .readdirSync(path.join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`
      if (entry.isDirectory()) return name === 'harness/test' ? [] : sourcesUnder(root, name)
      return /\.(ts|mjs|cjs)$/.test(entry.name) ? [name] : []
    })
}

function entriesOf(root, entries) {
  return Object.fromEntries(
    Object.entries(entries).filter(([, file]) => fs.existsSync(path.join(root, file))),
  )
}

/** Builds into a folder of this process and renames it, so that a build folder is always whole. */
async function build(root, dir) {
  const esbuild = await import('esbuild')
  const unfinished = `${dir}.${process.pid}-${process.hrtime.bigint()}`
  try {
    const options = {
      absWorkingDir: root,
      outdir: unfinished,
      // Found as modules wherever they lie, also where no package.json says so.
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      logLevel: 'silent',
    }
    await Promise.all([
      esbuild.build({ ...options, entryPoints: entriesOf(root, ENTRIES), splitting: true }),
      esbuild.build({ ...options, entryPoints: entriesOf(root, SINGLE_ENTRIES) }),
    ])
    await buildKafkajs(esbuild, root, unfinished)
    fs.renameSync(unfinished, dir)
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true })
    // The rename fails when another process was quicker; its build is the same.
    if (!fs.existsSync(dir)) throw error
  }
}

/** kafkajs in one file, and its loader: what the processes of the answers load. */
async function buildKafkajs(esbuild, root, dir) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { 'kafkajs-code': 'kafkajs' },
    outdir: dir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  })
  fs.copyFileSync(path.join(root, 'harness', 'bin', 'kafkajs-loader.cjs'), path.join(dir, 'kafkajs.cjs'))
}

/** `.workbook/build`, or a folder of the same use in the temporary folder when the workbook is read-only. */
function buildsFolder(root) {
  const inside = path.join(root, '.workbook', 'build')
  try {
    fs.mkdirSync(inside, { recursive: true })
    fs.accessSync(inside, fs.constants.W_OK)
    return inside
  } catch {
    return temporaryFolder(root)
  }
}

/** Belongs to this user alone, because code is run from it; the link lets that code find its packages. */
function temporaryFolder(root) {
  const user = process.getuid?.()
  const name = createHash('sha256').update(`${root}\n${user}`).digest('hex').slice(0, 16)
  const folder = path.join(os.tmpdir(), `kafka-workbook-${name}`)
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user !== undefined && fs.lstatSync(folder).uid !== user)
    throw new Error(`${folder} belongs to somebody else.`)
  try {
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  return folder
}

function markAsUsed(dir) {
  const now = new Date()
  fs.utimesSync(dir, now, now)
}

/** Removes builds that nobody has used for a day: a process that runs for long may still load parts of a younger one. */
function removeUnused(builds) {
  for (const name of fs.readdirSync(builds).filter((one) => one.startsWith('cli-'))) {
    const dir = path.join(builds, name)
    const stat = fs.statSync(dir, { throwIfNoEntry: false })
    if (!stat || Date.now() - stat.mtimeMs < DAY_MS) continue
    try {
      fs.rmSync(dir, { recursive: true, force: true })
    } catch {
      // Windows removes no folder that is in use; there will be another time.
    }
  }
}
