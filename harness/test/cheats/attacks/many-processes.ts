import { spawn } from 'node:child_process'

// Forty are enough to see whether anything stops them.
let started = 0
for (let number = 0; number < 40; number++) {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  child.on('error', () => {})
  if (child.pid) started += 1
}
console.log(`${started} started`)
