import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildResult, Message } from 'esbuild'
import type { Place } from '../result.ts'
import type { AnswerCode, Ending } from './messages.ts'
import { ENTRY, type ImportRules, ownImports } from './own-imports.ts'

type Problem = Extract<Ending, { kind: 'not compiled' }>['problems'][number]

/** Where code is compiled, and from where. */
export interface Workshop extends ImportRules {
  /** Folder for bundles; it exists. */
  outDir: string
}

export interface Bundle {
  /** The bundle, an ES module that exports `answer` and, when there are scenes, `scenes`. */
  file: string
  /** Every source file that went into it, by absolute path, with a hash of its text. */
  sources: Map<string, string>
}

type Compiled = Bundle | { problems: Problem[] }

/**
 * Makes one file of an answer and the scenes around it. The bundle's source map names its sources by absolute
 * `file:` URLs, so that stack traces and breakpoints land in the learner's own file.
 */
export async function compile(code: AnswerCode, workshop: Workshop): Promise<Compiled> {
  const { root, outDir } = workshop
  // Loaded from the workbook, not imported: this file may run as a bundle that lies elsewhere.
  const esbuild = createRequire(path.join(root, 'package.json'))('esbuild') as typeof import('esbuild')
  let result: BuildResult<{ write: false; metafile: true }>
  try {
    result = await esbuild.build({
      absWorkingDir: root,
      entryPoints: [ENTRY],
      outfile: path.join(outDir, 'bundle.mjs'),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      tsconfigRaw: {},
      // A file without any export: a warning to esbuild, and never what the learner meant.
      logOverride: { 'import-is-undefined': 'error' },
      plugins: [ownImports(code, workshop)],
    })
  } catch (error) {
    const { errors } = error as { errors?: Message[] }
    if (!errors) throw error
    return { problems: errors.map((message) => toProblem(message, root)) }
  }
  const inputs = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith('workbook:'))
  const [map, text] = ['.map', '.mjs'].map(
    (end) => result.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '',
  )
  return {
    file: await write(code, outDir, text as string, withAbsoluteSources(map as string, outDir)),
    sources: await hashes(inputs.map((input) => path.resolve(root, input))),
  }
}

/** True when no source of the bundle has changed since it was made. */
export async function isFresh(bundle: Bundle): Promise<boolean> {
  const now = await hashes([...bundle.sources.keys()]).catch(() => null)
  return now !== null && [...now].every(([file, hash]) => bundle.sources.get(file) === hash)
}

async function write(code: AnswerCode, outDir: string, text: string, map: string): Promise<string> {
  // A name of its own for every content: Node never loads one file name twice.
  const file = path.join(outDir, `${code.exercise}-${digest(text + map).slice(0, 12)}.mjs`)
  await Promise.all([
    writeFile(file, `${text}//# sourceMappingURL=${encodeURIComponent(path.basename(file))}.map\n`),
    writeFile(`${file}.map`, map),
  ])
  return file
}

function withAbsoluteSources(map: string, outDir: string): string {
  const parsed = JSON.parse(map) as { sources: string[] }
  const sources = parsed.sources.map((source) =>
    source.startsWith('workbook:') ? source : pathToFileURL(path.resolve(outDir, source)).href,
  )
  return JSON.stringify({ ...parsed, sources })
}

async function hashes(files: string[]): Promise<Map<string, string>> {
  return new Map(await Promise.all(files.map(async (file) => [file, digest(await readFile(file))] as const)))
}

function digest(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}

const MISSING_EXPORT = /^No matching export in "(?<file>.*)" for import "(?<name>.*)"$/
const EMPTY_FILE =
  /^Import "(?<name>.*)" will always be undefined because the file "(?<file>.*)" has no exports$/

function toProblem(message: Message, root: string): Problem {
  const { name, file } = (MISSING_EXPORT.exec(message.text) ?? EMPTY_FILE.exec(message.text))?.groups ?? {}
  if (name && file)
    return { text: `"${name}" is not exported`, at: { file: path.resolve(root, file), line: 1 } }
  const { location } = message
  if (!location) return { text: message.text }
  const at: Place = {
    file: path.resolve(root, location.file),
    line: location.line,
    column: location.column + 1,
  }
  return { text: message.text, at }
}
