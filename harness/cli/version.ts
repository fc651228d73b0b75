import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The version of the workbook at `root`, from its package.json. */
export function workbookVersion(root: string): string {
  return (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version
}
