import { readFileSync } from 'node:fs'
import path from 'node:path'

/** An entry of launch.json, as far as the debugger of these tests goes by it. */
export interface LaunchEntry {
  name: string
  type: string
  request: string
  program: string
  args: string[]
  cwd: string
  autoAttachChildProcesses: boolean
  pauseForSourceMap: boolean
  outFiles: string[]
  resolveSourceMapLocations: string[]
}

/** What VS Code has open, as paths of its system. */
export interface Editor {
  workspaceFolder: string
  file: string
}

/** The entries of `.vscode/launch.json` as they stand there. */
export function launchEntries(root: string): LaunchEntry[] {
  const text = readFileSync(path.join(root, '.vscode', 'launch.json'), 'utf8')
  return (JSON.parse(text) as { configurations: LaunchEntry[] }).configurations
}

/**
 * The entry that VS Code hands to its debugger, with the variables filled in as on the system that `paths` belongs to
 * (https://code.visualstudio.com/docs/reference/variables-reference). Throws when a variable is not known.
 */
export function resolveEntry(entry: LaunchEntry, editor: Editor, paths: path.PlatformPath): LaunchEntry {
  const { workspaceFolder, file } = editor
  const variables: Record<string, string> = {
    workspaceFolder,
    file,
    relativeFile: paths.relative(workspaceFolder, file),
    fileDirname: paths.dirname(file),
    relativeFileDirname: paths.relative(workspaceFolder, paths.dirname(file)) || '.',
  }
  const fill = (text: string) =>
    text.replace(/\$\{(.*?)\}/g, (whole, name: string) => {
      const value = variables[name]
      if (value === undefined) throw new Error(`${entry.name}: ${whole} is not a variable of VS Code`)
      return value
    })
  return {
    ...entry,
    program: fill(entry.program),
    cwd: fill(entry.cwd),
    args: entry.args.map(fill),
    outFiles: entry.outFiles.map(fill),
    resolveSourceMapLocations: entry.resolveSourceMapLocations.map(fill),
  }
}

/** True when a file is meant by a list of globs, in which `!` takes files out again. Folders with a dot count, too. */
export function matchesGlobs(file: string, globs: string[]): boolean {
  const matches = (glob: string) => toRegExp(glob).test(file.replaceAll('\\', '/'))
  const wanted = globs.filter((glob) => !glob.startsWith('!'))
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))
  return wanted.some(matches) && !unwanted.some(matches)
}

function toRegExp(glob: string): RegExp {
  const parts = glob.replaceAll('\\', '/').split(/(\*\*\/|\*\*|\*)/)
  const meaning: Record<string, string> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' }
  const source = parts.map((part) => meaning[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('')
  return new RegExp(`^${source}$`)
}
