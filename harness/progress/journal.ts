import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

/** Something that the learner has done, as it is kept. `at` is ISO 8601. */
export interface Entry {
  kind: string
  at: string
}

/** The lines that could be read, and where those went that could not. */
export interface ReadJournal<E extends Entry> {
  entries: E[]
  /** The file that a broken journal was put into; null when nothing was wrong. */
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

  /** Appends one entry, and waits until the disk has it. Throws what the file system throws. */
  append(entry: E): void {
    mkdirSync(path.dirname(this.file), { recursive: true })
    const handle = openSync(this.file, 'a')
    try {
      // A line end before it, too, so that a torn line takes nothing with it.
      writeSync(handle, `\n${JSON.stringify(entry)}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }

  /**
   * All entries, in the order in which they came. When a line cannot be read, torn by a crash or written by somebody else,
   * the file is put aside under another name, for a human to look at, and what can be read takes its place.
   */
  read(): ReadJournal<E> {
    if (!existsSync(this.file)) return { entries: [], setAside: null }
    const lines = readFileSync(this.file, 'utf8').split('\n')
    const entries: E[] = []
    let isBroken = false
    for (const line of lines) {
      if (line.trim() === '') continue
      const entry = parsed(line)
      if (entry) entries.push(entry as E)
      else isBroken = true
    }
    return { entries, setAside: isBroken ? this.putAside(entries) : null }
  }

  private putAside(entries: readonly E[]): string | null {
    const aside = `${this.file}.broken-${Date.now()}`
    const half = `${this.file}.${process.pid}`
    try {
      const handle = openSync(half, 'w')
      try {
        writeSync(handle, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(this.file, aside)
      renameSync(half, this.file)
      return aside
    } catch {
      // A folder that cannot be written keeps its broken lines; they are left out again next time.
      return null
    }
  }
}

function parsed(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null
    return typeof entry?.kind === 'string' && typeof entry.at === 'string' ? (entry as Entry) : null
  } catch {
    return null
  }
}
