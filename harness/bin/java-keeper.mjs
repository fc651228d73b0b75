/**
 * Runs Java for harness/kafka/jvm.ts, and ends with the process that started it, however that ends: its standard input is a
 * pipe that the operating system closes then, even after kill -9. Java is ended at once, and the folder is removed.
 *
 * usage: node java-keeper.mjs '{"folder": "...", "commands": [["java", "..."], ...]}'
 *
 * The commands run one after the other, in the folder, with their output in FOLDER/kafka.log. When one of them ends badly,
 * or the last one ends at all, the keeper ends with exit code 1 and leaves the folder as it is.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync, rmSync } from 'node:fs'
import path from 'node:path'

const { folder, commands } = JSON.parse(process.argv[2])
const log = path.join(folder, 'kafka.log')
let java = null
let isEnding = false

function end() {
  isEnding = true
  java?.kill('SIGKILL')
}

for (const event of ['end', 'error']) process.stdin.on(event, end)
process.stdin.resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)

/** The exit code of one command; null when it was killed or could not be started. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const output = openSync(log, 'a')
    java = spawn(file, args, { cwd: folder, stdio: ['ignore', output, output], windowsHide: true })
    closeSync(output)
    java.on('error', (error) => {
      appendFileSync(log, `${error.message}\n`)
      resolve(null)
    })
    java.on('exit', resolve)
  })
}

for (const command of commands) {
  if (isEnding || (await run(command)) !== 0) break
}
if (isEnding) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
process.exit(isEnding ? 0 : 1)
