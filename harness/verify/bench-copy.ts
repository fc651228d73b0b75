import { cpSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A folder with these parts of the workbook, and its packages: what is written there is nobody's progress. */
export function copyForBench(root: string, parts: readonly string[]): string {
  const copy = mkdtempSync(path.join(realpathSync(tmpdir()), 'workbook-bench-'))
  for (const name of parts) cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
  return copy
}
