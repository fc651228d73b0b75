import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { isAlive } from '../is-alive.ts'

const NAME = /^answers-(\d+)$/

/** Where the keeper with this process id puts the bundles it makes. */
export function buildDir(root: string, keeperPid: number): string {
  return path.join(root, '.workbook', 'build', `answers-${keeperPid}`)
}

/** Removes what keepers left behind that were killed together with the tool, for instance by a power cut. */
export function removeAbandoned(root: string): void {
  const builds = path.dirname(buildDir(root, 0))
  for (const name of readdirSync(builds)) {
    const pid = NAME.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) rmSync(path.join(builds, name), { recursive: true, force: true })
  }
}
