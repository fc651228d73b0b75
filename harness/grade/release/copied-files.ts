import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { checkFiles } from '../../exercise/check-files.ts'
import { type Edition, leftOutOf } from '../../exercise/edition.ts'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { morePages } from '../../exercise/more-pages.ts'
import { pristineFile } from '../../exercise/pristine.ts'
import { toBlank } from '../../quiz/export/blank.ts'
import { quizFiles } from '../../quiz/quiz-files.ts'
import { trackedFiles } from './tracked-files.ts'

/** One file of a copy of the workbook. */
export interface CopiedFile {
  /** Inside the copy, with `/` between folders. */
  path: string
  content: Buffer
}

/** What a copy of the workbook holds. */
export interface Contents {
  edition: Exclude<Edition, 'whole'>
  /** Exercises whose solutions travel, with alternatives and mistakes. */
  solutions: readonly Exercise[]
  /** Whether the quizzes travel with their keys, or as blank forms. */
  quizKeys: boolean
}

/** What travels in every copy, from the top of the workbook; package.json, README.md and what is below are added. */
const TOP_LEVEL = [
  '.devcontainer',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.vscode',
  'LICENSE',
  'docker-compose.yml',
  'docs',
  'harness',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
]
/** The workbook's own tests, and the answers in them. */
const LEFT_OUT = [
  'harness/shipped.json',
  'harness/test',
  'harness/verify/golden',
  'harness/verify/new-exercise',
  'harness/verify/parity/recorded',
]
const FOR_TEACHERS = ['docs/classroom', 'docs/teaching.md']

/**
 * Every file of a copy of the workbook at `root`. Learners' own answers do not travel: the stubs are the pristine ones. Only
 * what the workbook knows travels, and in a clone only what git knows, so that nobody's own notes do.
 */
export function copiedFiles(root: string, contents: Contents): CopiedFile[] {
  const exercises = listExercises(root)
  const tracked = trackedFiles(root)
  const known = (name: string) => filesUnder(root, name).filter((file) => tracked?.has(file) ?? true)
  const files = [
    ...TOP_LEVEL.flatMap(known).map((name) => fileAt(root, name)),
    ...exercises.flatMap((exercise) => exerciseFiles(exercise, root)),
    fileAt(root, 'exercises/bookstore.ts'),
    ...contents.solutions.flatMap(({ name }) => known(`solutions/${name}`)).map((name) => fileAt(root, name)),
    ...(contents.solutions.length > 0 ? [fileAt(root, 'solutions/tsconfig.json')] : []),
    ...quizzes(root, contents.quizKeys),
    { path: 'package.json', content: Buffer.from(packageJson(root, contents)) },
    fileAt(root, 'README.md'),
  ]
  const leftOut = contents.edition === 'student' ? FOR_TEACHERS : []
  return files
    .filter(({ path: name }) => !leftOut.some((one) => name === one || name.startsWith(`${one}/`)))
    .map((file) => forReaders(file, contents.edition))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What lies among the files that travel, and stays: git does not know it. */
export function untrackedFiles(root: string): string[] {
  const tracked = trackedFiles(root)
  if (tracked === null) return []
  return TOP_LEVEL.flatMap((name) => filesUnder(root, name)).filter((name) => !tracked.has(name))
}

function exerciseFiles(exercise: Exercise, root: string): CopiedFile[] {
  const { pageFile, hintsFile, scenesFile, playFile, file } = exercise
  const scenes = [scenesFile, playFile].filter((one) => one !== null)
  const known = [pageFile, hintsFile, ...morePages(exercise), ...scenes, ...checkFiles(exercise)]
  const stub = { path: inside(root, file), content: readFileSync(pristineFile(exercise, root)) }
  return [stub, ...known.map((one) => fileAt(root, inside(root, one)))]
}

function quizzes(root: string, keys: boolean): CopiedFile[] {
  return quizFiles(root).map((file) => {
    const content = readFileSync(file)
    const blank = () => Buffer.from(toBlank(content.toString('utf8'), path.basename(file, '.md'), 1))
    return { path: inside(root, file), content: keys ? content : blank() }
  })
}

/** The same packages, so that the lockfile holds; the scripts that work in this copy. */
function packageJson(root: string, { edition, quizKeys }: Contents): string {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const scripts = Object.entries(manifest.scripts).filter(([name]) => !leftOutOf(edition).includes(name))
  const copy = {
    ...manifest,
    private: true,
    workbook: { copy: edition, quizKeys },
    scripts: Object.fromEntries(scripts),
  }
  return `${JSON.stringify(copy, null, 2)}\n`
}

/** A document without its parts for others: `<!-- only in the whole workbook -->`, `<!-- not for students -->`, to `<!-- end -->`. */
function forReaders({ path: name, content }: CopiedFile, edition: Contents['edition']): CopiedFile {
  if (!name.endsWith('.md')) return { path: name, content }
  const marks =
    edition === 'student' ? 'only in the whole workbook|not for students' : 'only in the whole workbook'
  const part = new RegExp(`<!-- (?:${marks}) -->\\n[\\s\\S]*?<!-- end -->\\n*`, 'g')
  return { path: name, content: Buffer.from(content.toString('utf8').replace(part, '')) }
}

/** The names of all files below a folder, or of the one file; an empty list when there is none. */
function filesUnder(root: string, name: string): string[] {
  const place = path.join(root, name)
  if (!existsSync(place) || LEFT_OUT.includes(name)) return []
  if (!statSync(place).isDirectory()) return [name]
  return readdirSync(place).flatMap((one) => filesUnder(root, `${name}/${one}`))
}

function fileAt(root: string, name: string): CopiedFile {
  return { path: name, content: readFileSync(path.join(root, name)) }
}

function inside(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/')
}
