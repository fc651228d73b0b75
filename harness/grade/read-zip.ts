import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { ZipFile } from 'yauzl'
import { Budget, entryPath, type Limits, Refusal } from './archive-rules.ts'

/** One regular file out of an archive. */
export interface Unpacked {
  path: string
  bytes: Buffer
}

export interface ArchiveOptions {
  /** Which files to read; of all others not a byte is unpacked where the format allows it. */
  wanted(path: string): boolean
  limits: Limits
}

const FILE_TYPE = 0o170000
const REGULAR = 0o100000

/**
 * The wanted files of a ZIP. Nothing is written anywhere. Throws a Refusal for one that breaks a rule, and an Error of
 * the reader for one that is broken.
 */
export async function readZip(file: string, { wanted, limits }: ArchiveOptions): Promise<Unpacked[]> {
  const { openPromise } = await import('yauzl')
  const budget = new Budget((await stat(file)).size, limits)
  // Names are checked by our own rules, which are the same for every format.
  const zip = await openPromise(file, { decodeStrings: false, autoClose: false })
  try {
    return await readEntries(zip, budget, wanted)
  } finally {
    zip.close()
  }
}

async function readEntries(
  zip: ZipFile,
  budget: Budget,
  wanted: (path: string) => boolean,
): Promise<Unpacked[]> {
  const found: Unpacked[] = []
  for await (const entry of zip.eachEntry()) {
    // Old archives have names in a code page of DOS; those of answers are the same letters in all of them.
    const raw = entry.fileNameRaw.toString('utf8')
    budget.entry()
    budget.unpack(entry.uncompressedSize)
    const path = entryPath(raw)
    if (/[\\/]$/.test(raw) || !wanted(path)) continue
    // Made on Unix (3) or macOS (19), the upper half holds the file's mode; elsewhere there are only files and folders.
    const type = [3, 19].includes(entry.versionMadeBy >> 8)
      ? (entry.externalFileAttributes >>> 16) & FILE_TYPE
      : 0
    if (type !== 0 && type !== REGULAR) throw new Refusal(`${path} is a link, or no file at all`)
    if (entry.isEncrypted()) throw new Refusal(`${path} has a password`)
    budget.keep(path, entry.uncompressedSize)
    found.push({ path, bytes: await bytesOf(await zip.openReadStreamPromise(entry)) })
  }
  return found
}

/** The reader ends with an error when more comes out than the entry has promised. */
async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
