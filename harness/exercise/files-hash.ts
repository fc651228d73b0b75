import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

/** A short hash of the bytes of files, in this order; one that is not there (null, or gone) counts as empty. */
export function filesHash(files: readonly (string | null)[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file && existsSync(file) ? readFileSync(file) : '').update('\0')
  return hash.digest('hex').slice(0, 16)
}
