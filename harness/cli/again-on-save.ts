import { watchSaves } from '../run/saves.ts'

/** Watching alone keeps no process alive. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Does something now, and again when one of these files has been saved with another content; saves meanwhile count once, when
 * it is done. Goes on for ever; rejects when `work` does.
 */
export async function againOnSave(files: readonly string[], work: () => Promise<void>): Promise<never> {
  let isSaved = true
  let wake = () => {}
  const watchers = files.map((file) => {
    const saves = watchSaves(() => {
      isSaved = true
      wake()
    })
    saves.attend(file)
    return saves
  })
  const alive = setInterval(() => {}, LONGEST_TIMER_MS)
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (!isSaved) await woken
      isSaved = false
      await work()
    }
  } finally {
    clearInterval(alive)
    for (const saves of watchers) saves.close()
  }
}
