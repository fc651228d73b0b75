/**
 * Runs Java for harness/kafka/jvm.ts, and ends with the process that started it, however that ends: its standard input is a
 * pipe that the operating system closes then, even after kill -9. Java is ended at once, and the folder is removed.
 *
 * usage: node java-keeper.mjs '{"folder": "...", "commands": [["java", "..."], ...], "archive": {"made": "...", "kept": "..."}}'
 *
 * The commands run one after the other, in the folder, with their output in FOLDER/kafka.log. When one of them ends badly,
 * or the last one ends at all, the keeper says so in the log, ends with the same exit code, and leaves the folder as it is.
 *
 * Lines on its standard input:
 *   end         ends Java. With `archive` it may leave in peace, and what it made on leaving is moved to where it is kept
 *   stay FILE   goes on without the process that started it, for as long as FILE is there, and two hours at most
 */
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, copyFileSync, existsSync, openSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'

const LONGEST_STAY_MS = 2 * 60 * 60 * 1000
const LOOK_MS = 300
const LONGEST_FAREWELL_MS = 30_000

const { folder, commands, archive } = JSON.parse(process.argv[2])
const log = path.join(folder, 'kafka.log')
let java = null
let isEnding = false
let isStaying = false

function end() {
  isEnding = true
  java?.kill('SIGKILL')
}

function endInPeace() {
  // Windows has no signal that a program could answer.
  if (!archive || process.platform === 'win32') return end()
  isEnding = true
  java?.kill('SIGTERM')
  setTimeout(end, LONGEST_FAREWELL_MS).unref()
}

function stay(file) {
  isStaying = true
  const until = Date.now() + LONGEST_STAY_MS
  setInterval(() => {
    if (!existsSync(file) || Date.now() > until) end()
  }, LOOK_MS)
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'end') endInPeace()
  else if (line.startsWith('stay ')) stay(line.slice('stay '.length))
})
for (const event of ['end', 'error', 'close']) process.stdin.on(event, () => isStaying || end())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)

/** The exit code of one command, as shells have it: 128 and the number of the signal that ended it. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const output = openSync(log, 'a')
    java = spawn(file, args, { cwd: folder, stdio: ['ignore', output, output], windowsHide: true })
    closeSync(output)
    java.on('error', (error) => {
      appendFileSync(log, `${error.message}\n`)
      resolve(127)
    })
    java.on('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]))
  })
}

/** A file cannot be renamed onto another disk, and nobody may find half of it: a copy beside its place, then a rename. */
function keep({ made, kept }) {
  const unfinished = `${kept}.${process.pid}`
  try {
    copyFileSync(made, unfinished)
    renameSync(unfinished, kept)
  } catch {
    // What is kept only makes the next start quicker.
    rmSync(unfinished, { force: true })
  }
}

let code = 0
for (const command of commands) {
  if (isEnding) break
  code = await run(command)
  if (code !== 0) break
}
if (isEnding) {
  if (archive && existsSync(archive.made)) keep(archive)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
} else {
  appendFileSync(log, `Java ended with exit code ${code}.\n`)
}
process.exit(isEnding ? 0 : code)
