import { unwatchFile, watchFile } from 'node:fs'

/** Looked at so often, file by file: this works with every editor, in network folders, and in WSL, where events do not come. */
const INTERVAL_MS = 200

/**
 * Does something now, and again after every save of one of these files; a save meanwhile counts once, when it is done.
 * Goes on for ever; rejects when `work` does.
 */
export async function onEverySave(files: readonly string[], work: () => Promise<void>): Promise<never> {
  let saved = true
  let wake = () => {}
  const note = (now: { mtimeMs: number; ino: number }, before: { mtimeMs: number; ino: number }) => {
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino) return
    // An editor that writes a new file takes the old one away first.
    if (now.mtimeMs === 0) return
    saved = true
    wake()
  }
  for (const file of files) watchFile(file, { interval: INTERVAL_MS }, note)
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (!saved) await woken
      saved = false
      await work()
    }
  } finally {
    for (const file of files) unwatchFile(file, note)
  }
}
