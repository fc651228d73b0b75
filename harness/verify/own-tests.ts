import { spawn } from 'node:child_process'
import path from 'node:path'

/**
 * Runs the harness's own tests in a process of their own, which ends with `signal`, their output on standard error; a
 * problem when they fail.
 */
export function ownTests(root: string, signal: AbortSignal): Promise<string[]> {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', path.join('harness', 'test', 'vitest.config.ts')]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      signal,
    })
    child.on('error', (error) => resolve([`the harness's own tests could not be started: ${error.message}`]))
    child.on('exit', (code) =>
      resolve(code === 0 ? [] : [`the harness's own tests failed (exit code ${code})`]),
    )
  })
}
