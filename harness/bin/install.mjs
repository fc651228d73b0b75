import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LONGEST_INSTALL_MS = 15 * 60 * 1000
// Two retries after 10 and 60 seconds, npm's own choice, would keep somebody who is offline waiting for many minutes.
const OPTIONS = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

/**
 * Installs the packages that package.json pins and node_modules does not have: the learner's own, or the authors' as
 * well. All output goes to standard error. Returns what went wrong, as the lines to print, or null.
 */
export async function installPackages(root, { forAuthors, say = print, npm = runNpm }) {
  const lock = path.join(root, '.workbook', 'install.lock')
  if (!reasonToInstall(root, forAuthors, fs.existsSync(lock))) return null
  let interrupted
  try {
    interrupted = await takeLock(lock, say)
  } catch (error) {
    return `The packages cannot be installed: ${error.message}\nMake ${root} writable, then run the command again.`
  }
  // Another command may have installed them while this one waited.
  const reason = reasonToInstall(root, forAuthors, interrupted)
  if (!reason) {
    fs.rmSync(lock, { force: true })
    return null
  }
  say(reason)
  // Whoever has the authors' packages keeps them.
  const withAuthors = forAuthors || fs.existsSync(path.join(root, 'node_modules', 'typescript'))
  const failure = await npm(root, ['ci', withAuthors ? '--include=dev' : '--omit=dev', ...OPTIONS])
  // After a failure the lock stays, with a process id that will soon be gone: the next command installs again.
  if (!failure) {
    fs.rmSync(lock, { force: true })
    return null
  }
  return [
    `The packages could not be installed: ${failure}.`,
    'Is this machine online? Run the same command again, or install them by hand:',
    `  npm ${withAuthors ? 'ci --include=dev' : 'ci --omit=dev'}`,
  ].join('\n')
}

/**
 * Why packages must be installed, as a line for the screen, or null when all are there. After an installation that
 * was interrupted any of them may be incomplete.
 */
function reasonToInstall(root, forAuthors, interrupted) {
  const { dependencies, devDependencies } = readJson(path.join(root, 'package.json'))
  const outdated = notInstalled(root, dependencies)
  if (outdated.length === Object.keys(dependencies).length) {
    return 'The packages are not installed yet. They are installed now; this happens only the first time.'
  }
  if (outdated.length > 0 || interrupted)
    return 'Some packages are missing or have changed. They are installed now.'
  if (forAuthors && notInstalled(root, devDependencies).length > 0) {
    return "This command needs the authors' packages, too. They are installed now; this happens only the first time."
  }
  return null
}

/** Which of the pinned packages are missing, or there in another version. */
function notInstalled(root, pinned) {
  return Object.entries(pinned)
    .filter(([name, version]) => {
      const manifest = path.join(root, 'node_modules', name, 'package.json')
      return !fs.existsSync(manifest) || readJson(manifest).version !== version
    })
    .map(([name]) => name)
}

/**
 * One installation at a time: waits while a living process holds the lock, takes over from a dead one. Resolves with
 * true after a take-over.
 */
async function takeLock(lock, say) {
  fs.mkdirSync(path.dirname(lock), { recursive: true })
  let tookOver = false
  for (let announced = false; ; ) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return tookOver
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isHeld(lock)) {
      fs.rmSync(lock, { force: true })
      tookOver = true
      continue
    }
    if (!announced) say('Another command is installing the packages. Waiting for it.')
    announced = true
    await sleep(200)
  }
}

/** Whether the process that wrote its id into the lock is alive. */
function isHeld(lock) {
  try {
    const age = Date.now() - fs.statSync(lock).mtimeMs
    const holder = Number(fs.readFileSync(lock, 'utf8'))
    // Created, and the id not written yet.
    if (holder === 0) return age < 1000
    process.kill(holder, 0)
    // The system may have given the id of a dead process to a new one.
    return age < LONGEST_INSTALL_MS
  } catch (error) {
    // EPERM: the process lives and belongs to somebody else. ENOENT: just released, to be asked for again.
    return error.code === 'EPERM' || error.code === 'ENOENT'
  }
}

/**
 * How to start npm. It started this command itself in most cases; its script then saves looking for it. On Windows `npm` is a
 * batch file, which only a shell can start; Node 24 warns of a shell with separate arguments, and none of ours has a blank.
 */
export function npmPlan(platform, env, args) {
  const own = env.npm_execpath
  if (own?.split(/[\\/]/).at(-1).startsWith('npm'))
    return { program: process.execPath, args: [own, ...args], shell: false }
  if (platform === 'win32') return { program: ['npm', ...args].join(' '), args: [], shell: true }
  return { program: 'npm', args, shell: false }
}

/** Runs npm with its output on standard error; resolves with null, or with what went wrong. */
function runNpm(root, args) {
  const stdio = ['ignore', process.stderr, process.stderr]
  const plan = npmPlan(process.platform, process.env, args)
  return new Promise((resolve) => {
    const child = spawn(plan.program, plan.args, { cwd: root, stdio, shell: plan.shell })
    child.on('error', (error) => resolve(error.code === 'ENOENT' ? 'npm was not found' : error.message))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? null : `npm ended with ${signal ?? `code ${code}`}`),
    )
  })
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}

function print(line) {
  process.stderr.write(`${line}\n`)
}
