import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/** Something that the learner has done, as it is kept. `at` is ISO 8601. */
export interface Entry {
  kind: string
  at: string
}

/** The lines that could be read, and where those went that could not. */
export interface ReadJournal<E extends Entry> {
  entries: E[]
  /** A copy of the journal as it was, with what could not be read; null when nothing was wrong. */
  setAside: string | null
}

/**
 * What a learner has done, as JSON lines in `.workbook/`, one for each thing, only ever appended and on the disk before it
 * counts: a kill at any byte loses one line at most.
 */
export class Journal<E extends Entry> {
  readonly file: string

  constructor(root: string, name: string) {
    this.file = path.join(root, '.workbook', `${name}.jsonl`)
  }

  /** Appends entries, and waits until the disk has them. Throws a WorkbookError when they cannot be kept. */
  append(...entries: readonly E[]): void {
    try {
      mkdirSync(path.dirname(this.file), { recursive: true })
      // A line end before it, too, so that a torn line takes nothing with it.
      appendSynced(this.file, `\n${entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')}`)
    } catch (error) {
      throw new WorkbookError(
        `${this.file} cannot be written: ${(error as Error).message}.`,
        'Make room, or make the folder writable. What was kept before is still there.',
      )
    }
  }

  /**
   * All entries by their time: what came over from another machine takes its place. Those of one moment stay in the order in
   * which they came. When a line cannot be read, torn by a crash or written by somebody else,
   * a copy of the file is put aside, for a human to look at, and the line is blanked where it stands: nothing is moved, so
   * that another process may append meanwhile. A last line without an end is left alone, as it may be in the writing. Throws a
   * WorkbookError when the file is there and the disk does not give it.
   */
  read(): ReadJournal<E> {
    if (!existsSync(this.file)) return { entries: [], setAside: null }
    const bytes = this.bytes()
    const entries: E[] = []
    const broken: Line[] = []
    for (const line of linesOf(bytes)) {
      const text = bytes.toString('utf8', line.start, line.end)
      if (text.trim() === '') continue
      const entry = parsed(text)
      if (entry) entries.push(entry as E)
      else if (line.end < bytes.length) broken.push(line)
    }
    entries.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
    return { entries, setAside: broken.length > 0 ? this.putAside(bytes, broken) : null }
  }

  private bytes(): Buffer {
    try {
      return readFileSync(this.file)
    } catch (error) {
      throw new WorkbookError(
        `${this.file} cannot be read: ${(error as Error).message}.`,
        'Make it readable, or put it out of the way: it begins anew.',
      )
    }
  }

  private putAside(bytes: Buffer, broken: readonly Line[]): string | null {
    const aside = `${this.file}.broken-${Date.now()}`
    try {
      const handle = openSync(this.file, 'r+')
      try {
        writeFileSync(aside, bytes, { flush: true })
        for (const { start, end } of broken)
          writeSync(handle, Buffer.alloc(end - start, ' '), 0, end - start, start)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      return aside
    } catch {
      // A folder that cannot be written keeps its broken lines; they are left out again next time.
      return null
    }
  }
}

function appendSynced(file: string, text: string): void {
  const handle = openSync(file, 'a')
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** From its first byte to its line end, or to the end of the file. */
interface Line {
  start: number
  end: number
}

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf('\n', start)
    const end = found < 0 ? bytes.length : found
    lines.push({ start, end })
    start = end + 1
  }
  return lines
}

function parsed(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null
    return typeof entry?.kind === 'string' && typeof entry.at === 'string' ? (entry as Entry) : null
  } catch {
    return null
  }
}
