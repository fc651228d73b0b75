import { rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathInside } from '../path-inside.ts'
import { checkTypes, findCompiler } from './typescript.ts'

const LONGEST_WAIT_MS = 10_000
const MOST_LINES = 5

/**
 * What TypeScript says of one answer, as `file:line message` lines; nothing when TypeScript is not installed (learners
 * need not have it), when it finds no error, or when the answer lies outside the workbook: there it sees neither the
 * workbook's packages nor that a file is a module.
 */
export async function typeErrors(root: string, file: string): Promise<string[]> {
  const compiler = findCompiler(root)
  if (compiler === null || pathInside(root, file) === null) return []
  const project = path.join(root, '.workbook', 'build', `types-${process.pid}.json`)
  const remove = () => rmSync(project, { force: true })
  // An interrupted run ends without coming back here.
  process.once('exit', remove)
  try {
    await mkdir(path.dirname(project), { recursive: true })
    writeFileSync(
      project,
      JSON.stringify({ extends: path.join(root, 'tsconfig.json'), files: [file], include: [] }),
    )
    const output = await checkTypes(compiler, project, { cwd: root, timeoutMs: LONGEST_WAIT_MS })
    const lines = relevantLines(output, file, root)
    remove()
    return lines
  } catch {
    // Where nothing can be written there is no project to check.
    return []
  } finally {
    process.off('exit', remove)
  }
}

/** Only errors in the answer itself: `exercises/03-.../produce-event.ts(7,3): error TS2322: ...`. */
function relevantLines(text: string, file: string, root: string): string[] {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const found = /^(.+?)\((\d+),\d+\): error (TS\d+: .+)$/.exec(line)
    if (found && path.resolve(root, found[1] as string) === path.resolve(file)) {
      lines.push(`${path.relative(root, file)}:${found[2]}  ${found[3]}`)
    }
  }
  return lines.slice(0, MOST_LINES)
}
