import path from 'node:path'

/** Where the keeper with this process id puts the bundles it makes. */
export function buildDir(root: string, keeperPid: number): string {
  return path.join(root, '.workbook', 'build', `answers-${keeperPid}`)
}
