import { spawnSync } from 'node:child_process'

const MOST_BYTES = 64 * 1024 * 1024

/**
 * The files that git knows of the workbook at `root`, committed or added, with `/` between folders. Null where git cannot say:
 * there is no git, or the workbook is no clone.
 */
export function trackedFiles(root: string): ReadonlySet<string> | null {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
    windowsHide: true,
  })
  if (status !== 0) return null
  const names = new Set(stdout.split('\0'))
  // A folder inside of somebody else's repository is no clone of the workbook.
  return names.has('package.json') ? names : null
}
