import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { withoutDebugger } from '../answer/environment.ts'

/** TypeScript's compiler, or null where it is not installed: learners need not have it. */
export function findCompiler(root: string): string | null {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  return existsSync(compiler) ? compiler : null
}

/** What the compiler prints about a project file, paths relative to `cwd`; as much as it has said after `timeoutMs`. */
export function checkTypes(
  compiler: string,
  project: string,
  { cwd, timeoutMs }: { cwd: string; timeoutMs: number },
): Promise<string> {
  return new Promise((resolve) => {
    const args = [compiler, '--noEmit', '--pretty', 'false', '-p', project]
    const options = { cwd, timeout: timeoutMs, env: withoutDebugger(process.env) }
    execFile(process.execPath, args, options, (_, stdout) => resolve(stdout))
  })
}
