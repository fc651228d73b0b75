import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withoutDebugger } from '../answer/environment.ts'

/** TypeScript's compiler, or null where it is not installed: learners need not have it. */
export function findCompiler(root: string): string | null {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  return existsSync(compiler) ? compiler : null
}

interface TypeCheckOptions {
  cwd: string
  timeoutMs: number
  /** It may take its time, at the lowest priority, and is ended when this is aborted. */
  background?: AbortSignal | undefined
}

/** What the compiler prints about a project file, paths relative to `cwd`; as much as it has said when it was ended. */
export function checkTypes(
  compiler: string,
  project: string,
  { cwd, timeoutMs, background }: TypeCheckOptions,
): Promise<string> {
  return new Promise((resolve) => {
    const args = [compiler, '--noEmit', '--pretty', 'false', '-p', project]
    const options = {
      cwd,
      timeout: timeoutMs,
      env: withoutDebugger(process.env),
      ...(background && { signal: background }),
    }
    const child = execFile(process.execPath, args, options, (_, stdout) => resolve(stdout))
    if (background) yieldToOthers(child.pid)
  })
}

function yieldToOthers(pid: number | undefined): void {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended already, or the system has no priorities.
  }
}
