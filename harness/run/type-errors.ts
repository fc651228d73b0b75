import { rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathInside } from '../path-inside.ts'
import { checkTypes, findCompiler } from './typescript.ts'

/** Somebody waits for it. */
const LONGEST_WAIT_MS = 10_000
/** Nobody does; at the lowest priority, beside other work, it takes its time. */
const LONGEST_IN_BACKGROUND_MS = 120_000
/** Each question has a project file of its own: one that is given up may end after the next one has begun. */
let asked = 0

/**
 * What TypeScript says of one answer, as `file:line:column  message` lines; nothing when TypeScript is not installed
 * (learners need not have it), when it finds no error, or when the answer lies outside the workbook: there it sees neither
 * the workbook's packages nor that a file is a module. With `background`, it works at the lowest priority, and until that is
 * aborted. Never throws: a verdict holds without it.
 */
export async function typeErrors(root: string, file: string, background?: AbortSignal): Promise<string[]> {
  const compiler = findCompiler(root)
  if (compiler === null || pathInside(root, file) === null) return []
  const project = path.join(root, '.workbook', 'build', `types-${process.pid}-${++asked}.json`)
  const remove = () => rmSync(project, { force: true })
  // An interrupted run ends without coming back here.
  process.once('exit', remove)
  try {
    await mkdir(path.dirname(project), { recursive: true })
    writeFileSync(
      project,
      JSON.stringify({ extends: path.join(root, 'tsconfig.json'), files: [file], include: [] }),
    )
    const timeoutMs = background ? LONGEST_IN_BACKGROUND_MS : LONGEST_WAIT_MS
    const output = await checkTypes(compiler, project, { cwd: root, timeoutMs, background })
    remove()
    return relevantLines(output, file, root)
  } catch {
    // Where nothing can be written there is no project to check.
    return []
  } finally {
    process.off('exit', remove)
  }
}

/** Only errors in the answer itself: `exercises/03-.../produce-event.ts(7,3): error TS2322: ...`. */
function relevantLines(text: string, file: string, root: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, place = '', row, column, message] =
      /^(.+?)\((\d+),(\d+)\): error (TS\d+: .+)$/.exec(line.trimEnd()) ?? []
    if (path.resolve(root, place) !== path.resolve(file)) return []
    return [`${path.relative(root, file)}:${row}:${column}  ${message}`]
  })
}
