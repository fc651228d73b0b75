import { spawnSync } from 'node:child_process'

/** A process of this machine. */
export interface Process {
  pid: number
  parent: number
  rssKiB: number
}

/** All processes below one, children's children, too, and none that only looks; none on Windows, which has no `ps`. */
export function processesBelow(pid: number): Process[] {
  const all = processes()
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(pid)
}

/** All processes of this machine, but for the one that lists them; none on Windows. */
export function processes(): Process[] {
  const { stdout, pid: own } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
  return (stdout ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent, rssKiB]) =>
      pid !== undefined && parent !== undefined && rssKiB !== undefined && pid !== own
        ? [{ pid, parent, rssKiB }]
        : [],
    )
}
