import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Exercise } from '../exercise/find.ts'
import { CLASS_LIMITS } from './archive-rules.ts'
import { type EntryName, isArchive, readEntryName } from './entry-name.ts'
import { answerPlace } from './find-answers.ts'
import { readGradescopeNames, type Submitters } from './gradescope-names.ts'
import { readArchive, readSource, type Source } from './read-source.ts'

/** What one student, or one group, has handed in. */
export interface Submission {
  /** Unique in the class, also where capitals do not count, and good for a file name. */
  id: string
  /** As the download writes it. Not to be trusted: it goes through a writer's escapes everywhere. */
  name: string
  systemId: string
  late: boolean
  sources: Source[]
  /** Older attempts that were left aside, and whatever else a human should know. */
  notes: string[]
}

/** A class: who handed something in, and what nobody could make sense of. */
export interface Arrivals {
  submissions: Submission[]
  notRecognised: { name: string; reason: string }[]
}

/** An entry of the folder, or of the archive, of a class. */
interface Entry {
  name: string
  isDirectory(): boolean
  isFile(): boolean
}

interface Arrived extends EntryName {
  entry: string
  source: Source
}

const JUNK = /^(?:\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|submission_metadata\.yml$)/i
const WANTED_OF_CLASS = /\.(?:ts|zip|tar|tar\.gz|tgz)$|submission_metadata\.yml$/i
const GRADESCOPE_EXPORT = /^assignment_\d+_export$/

/**
 * Finds the submissions in a folder, or in the archive that a course system makes of a class; that one is unpacked into
 * `stage` first. A folder that holds answers itself is one submission, unless it holds somebody's submission beside a lost
 * file. Throws a WorkbookError where there is nothing.
 */
export async function findArrivals(
  given: string,
  stage: string,
  exercises: readonly Exercise[],
): Promise<Arrivals> {
  const known = await stat(given).catch(() => null)
  if (!known)
    throw new WorkbookError(`There is no ${given}.`, 'Give the folder, or the archive, of the submissions.')
  const { folder, others } = known.isDirectory()
    ? { folder: await insideWrapper(given, (name) => GRADESCOPE_EXPORT.test(name)), others: [] }
    : await unpackClass(given, stage, exercises)
  const found: Entry[] = [...(await readdir(folder, { withFileTypes: true })), ...others]
  const entries = found.filter(({ name }) => !JUNK.test(name))
  if (await isOneSubmission(folder, entries, exercises)) return oneSubmission(given, folder)
  const submitters = await gradescopeNames(folder)
  const arrived: Arrived[] = []
  const notRecognised: Arrivals['notRecognised'] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const one = arrivedAs(folder, entry, exercises)
    if (typeof one === 'string') notRecognised.push({ name: entry.name, reason: one })
    else arrived.push(one)
  }
  return { submissions: toSubmissions(arrived, submitters), notRecognised }
}

/** Exports of Gradescope have one folder around everything, and so have most archives. */
async function insideWrapper(folder: string, isWrapper: (name: string) => boolean): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !JUNK.test(name))
  const [only] = entries
  const wrapped = entries.length === 1 && only?.isDirectory() && isWrapper(only.name)
  return wrapped && only ? path.join(folder, only.name) : folder
}

/**
 * Every answer and every archive in it, laid out as in the archive. Of all else not a byte is written, but the folder that it
 * lay in is there, or it is named in `others`: whoever handed in no answer has handed in something.
 */
async function unpackClass(
  archive: string,
  stage: string,
  exercises: readonly Exercise[],
): Promise<{ folder: string; others: Entry[] }> {
  if (!isArchive(archive))
    throw new WorkbookError(
      `${archive} is neither a folder nor an archive.`,
      'Give a folder, .zip, .tar or .tar.gz.',
    )
  const top = path.join(stage, 'class')
  await mkdir(top, { recursive: true })
  const unwanted: string[] = []
  const wanted = (name: string) => {
    if (name.includes('node_modules/')) return false
    const isWanted = WANTED_OF_CLASS.test(name)
    if (!isWanted) unwanted.push(name)
    return isWanted
  }
  try {
    for (const { path: inside, bytes } of await readArchive(archive, wanted, CLASS_LIMITS)) {
      const file = path.join(top, ...inside.split('/'))
      await mkdir(path.dirname(file), { recursive: true })
      // Two entries of one name would be two students' work in one file.
      await writeFile(file, bytes, { flag: 'wx' })
    }
    for (const inside of upperFolders(unwanted))
      await mkdir(path.join(top, ...inside.split('/')), { recursive: true })
  } catch (error) {
    const why = (error as Error).message
    throw new WorkbookError(`${archive} was not opened: ${why}.`, 'Unpack it yourself, and give the folder.')
  }
  const folder = await insideWrapper(top, (name) => !isOwnWork(name, exercises))
  const wrapper = folder === top ? '' : `${path.basename(folder)}/`
  const others = unwanted
    .filter((name) => name.startsWith(wrapper))
    .map((name) => name.slice(wrapper.length))
    .filter((name) => !name.includes('/'))
    .map((name): Entry => ({ name, isDirectory: () => false, isFile: () => true }))
  return { folder, others }
}

/** The folders of these files, two deep: that of a student, which may lie in one around the class. */
function upperFolders(files: readonly string[]): Set<string> {
  return new Set(files.map((name) => path.posix.dirname(name).split('/').slice(0, 2).join('/')))
}

/** Own work at the top. Loose answers do not make one submission of a class: others' lie beside them, with names or below. */
async function isOneSubmission(folder: string, entries: Entry[], exercises: readonly Exercise[]) {
  const own = entries.filter(({ name }) => isOwnWork(name, exercises))
  if (own.length === 0 || own.some((entry) => entry.isDirectory())) return own.length > 0
  const isNamed = ({ name }: Entry) => {
    const { inner } = readEntryName(name, false, exercises)
    return inner !== null && answerPlace(inner, exercises) !== null
  }
  if (entries.some((entry) => entry.isFile() && isNamed(entry))) return false
  const { files } = await readSource({ file: folder, kind: 'folder', inner: null, order: 0 }, exercises)
  return files.every((file) => !file.path.includes('/'))
}

/** `exercises/`, `03-produce-event/` or `produce-event.ts` right at the top. */
function isOwnWork(name: string, exercises: readonly Exercise[]): boolean {
  if (name === 'exercises' || exercises.some((one) => one.name === name)) return true
  return answerPlace(name, exercises) !== null
}

function oneSubmission(given: string, folder: string): Arrivals {
  const name = path.basename(path.resolve(given)).replace(/\.(zip|tar|tgz|tar\.gz)$/i, '')
  const source: Source = { file: folder, kind: 'folder', inner: null, order: 0 }
  const only = { id: slug(name), name, systemId: '', late: false, sources: [source], notes: [] }
  return { submissions: [only], notRecognised: [] }
}

async function gradescopeNames(folder: string): Promise<Map<string, Submitters>> {
  const text = await readFile(path.join(folder, 'submission_metadata.yml'), 'utf8').catch(() => '')
  return readGradescopeNames(text)
}

/** What an entry of the class is, or why it is nothing. */
function arrivedAs(folder: string, kinds: Entry, exercises: readonly Exercise[]): Arrived | string {
  const entry = kinds.name
  const file = path.join(folder, entry)
  const named = readEntryName(entry, kinds.isDirectory(), exercises)
  const source = (kind: Source['kind']): Source => ({ file, kind, inner: named.inner, order: named.order })
  if (kinds.isDirectory()) return { ...named, entry, source: source('folder') }
  if (!kinds.isFile()) return 'a link, or no file at all'
  if (isArchive(entry)) return { ...named, entry, source: source('archive') }
  if (answerPlace(entry, exercises) !== null) return 'an answer, and no name before it says whose'
  if (named.inner === null) return 'neither a folder, nor an archive, nor an answer with a name before it'
  if (answerPlace(named.inner, exercises) === null)
    return 'no exercise that is graded has a file of this name'
  return { ...named, entry, source: source('file') }
}

function toSubmissions(arrived: Arrived[], submitters: Map<string, Submitters>): Submission[] {
  const byStudent = grouped(arrived)
  const submissions = [...byStudent.values()].map((all) => toSubmission(all, submitters))
  const twins = grouped(submissions.map((one) => ({ ...one, key: one.name.toLowerCase() })))
  for (const one of submissions) {
    const others = twins.get(one.name.toLowerCase()) ?? []
    if (others.length > 1)
      one.notes.push(`${others.length} students have this name; the number tells them apart`)
  }
  return withUniqueIds(submissions)
}

function toSubmission(all: Arrived[], submitters: Map<string, Submitters>): Submission {
  const newest = Math.max(...all.map(({ attempt }) => attempt))
  const used = all.filter(({ attempt }) => attempt === newest)
  const [first] = used as [Arrived]
  const who = first.system === 'gradescope' ? submitters.get(first.name) : undefined
  const older = all.filter(({ attempt }) => attempt !== newest).map(({ entry }) => entry)
  const notes = older.length > 0 ? [`older attempts left aside: ${older.join(', ')}`] : []
  if (used.length > 1 && first.system === 'plain' && used.some(({ source }) => source.kind !== 'file'))
    notes.push(`handed in twice: ${used.map(({ entry }) => entry).join(', ')}`)
  return {
    id: '',
    name: who?.names.join(', ') || first.name,
    systemId: who?.ids.join(', ') || first.systemId,
    late: used.some(({ late }) => late),
    sources: used.map(({ source }) => source),
    notes,
  }
}

function withUniqueIds(submissions: Submission[]): Submission[] {
  const taken = new Set<string>()
  for (const one of submissions) {
    const wanted = slug([one.name, one.systemId].filter(Boolean).join('-'))
    let id = wanted
    for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`
    taken.add(id)
    one.id = id
  }
  return submissions.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Letters, digits and hyphens, in lower case: a file name on every system. */
function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const cut = plain
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  // Windows has no files of these names.
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(cut) ? `student-${cut}` : cut || 'nameless'
}

function grouped<T extends { key: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(item.key, [...(groups.get(item.key) ?? []), item])
  return groups
}
