import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that it is, at any moment and after any crash, the old one or the new one. `half` is the name that it has
 * until it is whole, in the same file system; `beforeSwap` runs when the disk has all bytes, and may still throw.
 */
export function writeWhole(
  file: string,
  half: string,
  bytes: Uint8Array,
  { mode, beforeSwap }: { mode?: number; beforeSwap?: () => void } = {},
): void {
  try {
    const handle = openSync(half, 'w', mode)
    try {
      writeFileSync(handle, bytes)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    beforeSwap?.()
    renameSync(half, file)
  } catch (error) {
    rmSync(half, { force: true })
    throw error
  }
}
