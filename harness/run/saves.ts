import { createHash } from 'node:crypto'
import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs'
import path from 'node:path'

/** An editor saves in several steps: it truncates and writes, or writes another file and renames it. */
const SETTLE_MS = 20
/** An empty file is most likely half a save. */
const EMPTY_MS = 100
/** The system tells nothing of network folders, and of some mounted ones. */
const POLL_MS = 500

/** Notices when a file gets another content. */
export interface Saves {
  /** From now on this file counts, and no other; what it holds now is no news. */
  attend(file: string): void
  close(): void
}

/**
 * Calls `onSave` after the attended file has got other bytes, however it was written. The same bytes saved again are no
 * news. Watches its folder, because editors replace files, and looks at its dates twice a second for systems that
 * tell nothing.
 */
export function watchSaves(onSave: () => void): Saves {
  let file = ''
  let known: string | null = null
  let dates = ''
  let watcher: FSWatcher | null = null
  let settling: NodeJS.Timeout | null = null

  const look = (isSecondLook: boolean) => {
    settling = null
    const bytes = read(file)
    if (bytes === null) return
    if (bytes.length === 0 && !isSecondLook) return settle(EMPTY_MS, true)
    const hash = hashOf(bytes)
    if (hash === known) return
    known = hash
    onSave()
  }
  const settle = (ms: number, isSecondLook = false) => {
    if (settling) clearTimeout(settling)
    settling = setTimeout(() => look(isSecondLook), ms)
  }
  const poll = setInterval(() => {
    const now = datesOf(file)
    if (now === dates) return
    dates = now
    settle(SETTLE_MS)
  }, POLL_MS).unref()

  return {
    attend(wanted) {
      watcher?.close()
      if (settling) clearTimeout(settling)
      file = wanted
      dates = datesOf(file)
      const bytes = read(file)
      known = bytes && hashOf(bytes)
      watcher = watchFolder(path.dirname(file), () => settle(SETTLE_MS))
    },
    close() {
      watcher?.close()
      if (settling) clearTimeout(settling)
      clearInterval(poll)
    },
  }
}

/** Null where the system cannot: the dates tell then. */
function watchFolder(folder: string, onEvent: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent)
    return watcher.on('error', () => watcher.close())
  } catch {
    return null
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/** Empty where there is no file, or none to be looked at: Windows refuses one that is just being replaced. */
function datesOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file)
    return `${ino} ${size} ${mtimeMs}`
  } catch {
    return ''
  }
}
