import { constants } from 'node:fs'
import { lstat, open, opendir } from 'node:fs/promises'
import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'
import { Budget, LIMITS, type Limits, Refusal } from './archive-rules.ts'
import { isArchive } from './entry-name.ts'
import { answerPlace, type HandedIn, isStray } from './find-answers.ts'
import { readTar } from './read-tar.ts'
import { readZip, type Unpacked } from './read-zip.ts'

/** One thing that somebody handed in. */
export interface Source {
  /** Absolute. */
  file: string
  kind: 'folder' | 'archive' | 'file'
  /** The name that a loose file counts under. */
  inner: string | null
  order: number
}

/** The answers in a source, and what could not be read of it; each problem begins with the file it is about. */
export interface SourceContent {
  files: HandedIn[]
  problems: string[]
  /** Names of files that look like answers to no exercise. */
  strays: string[]
}

/** Folders that are large, and never hold an answer. */
const NOT_ENTERED = new Set(['node_modules', '.git', '.workbook', '__MACOSX'])
/** Archives inside a folder are opened this near to its top: a student's ZIP, and not what some package brings. */
const ARCHIVE_DEPTH = 2

/**
 * Reads the answers in one source, and nothing else of it: their bytes, without following a link. What breaks a rule, or
 * cannot be read, becomes a problem; it never throws.
 */
export async function readSource(
  source: Source,
  exercises: readonly Exercise[],
  all: readonly Exercise[] = exercises,
): Promise<SourceContent> {
  const content: SourceContent = { files: [], problems: [], strays: [] }
  const wanted = (file: string) => {
    if (isStray(file, all)) content.strays.push(file)
    return answerPlace(file, exercises) !== null
  }
  const name = source.inner ?? path.basename(source.file)
  const adding = { content, wanted }
  if (source.kind === 'folder') await readFolder(source.file, adding)
  else if (source.kind === 'archive') await addArchive(source.file, name, adding)
  else if (wanted(name)) await addFile(source.file, name, adding)
  return content
}

interface Adding {
  content: SourceContent
  wanted(path: string): boolean
}

async function readFolder(folder: string, adding: Adding): Promise<void> {
  let entries = 0
  const visit = async (inside: string[]): Promise<void> => {
    for await (const entry of await opendir(path.join(folder, ...inside))) {
      entries += 1
      if (entries > LIMITS.entries) throw new Refusal(`it holds more than ${LIMITS.entries} entries`)
      const at = [...inside, entry.name]
      const shown = at.join('/')
      const file = path.join(folder, ...at)
      if (entry.isDirectory()) {
        if (!NOT_ENTERED.has(entry.name)) await visit(at)
      } else if (adding.wanted(shown)) await addFile(file, shown, adding)
      else if (entry.isFile() && at.length <= ARCHIVE_DEPTH && isArchive(entry.name))
        await addArchive(file, shown, adding)
    }
  }
  await guarded(path.basename(folder), adding, () => visit([]))
}

function addFile(file: string, shown: string, adding: Adding): Promise<void> {
  return guarded(shown, adding, async () => {
    adding.content.files.push({ path: shown, inside: shown, bytes: await readRegular(file) })
  })
}

function addArchive(file: string, shown: string, adding: Adding): Promise<void> {
  return guarded(shown, adding, async () => {
    for (const { path: inside, bytes } of await readArchive(file, adding.wanted))
      adding.content.files.push({ path: `${shown}/${inside}`, inside, bytes })
  })
}

/** The wanted files of an archive, by the ending of its name. */
export function readArchive(
  file: string,
  wanted: (path: string) => boolean,
  limits: Limits = LIMITS,
): Promise<Unpacked[]> {
  return /\.zip$/i.test(file) ? readZip(file, { wanted, limits }) : readTar(file, { wanted, limits })
}

/** The bytes of a regular file; a link in its place is not followed, also when it comes between two looks. */
export async function readRegular(file: string): Promise<Buffer> {
  if (!(await lstat(file)).isFile()) throw new Refusal('it is a link, or no file at all')
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { size } = await handle.stat()
    new Budget(size).keep('it', size)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function guarded(shown: string, { content }: Adding, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { name, message } = error as Error
    content.problems.push(name === 'Refusal' ? `${shown}: ${message}` : `${shown} cannot be read: ${message}`)
  }
}
