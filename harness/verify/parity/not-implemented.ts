import { readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * The entries of harness/kafka/embedded/NOT-IMPLEMENTED.md that a difference may name: the API keys in the first column of
 * its table (`8`, or each of `29-31`), and the numbers of its lists (`logs 2`, `nodes 3`).
 */
export function notImplementedEntries(root: string): Set<string> {
  const file = path.join(root, 'harness', 'kafka', 'embedded', 'NOT-IMPLEMENTED.md')
  const entries = new Set<string>()
  let list = 'logs'
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const keys = /^\| *(\d[\d, -]*?) *\|/.exec(line)?.[1]
    for (const part of keys?.split(',') ?? []) for (const key of keysOf(part)) entries.add(`${key}`)
    const number = /^(\d+)\. /.exec(line)?.[1]
    if (line.startsWith('Several nodes')) list = 'nodes'
    if (number) entries.add(`${list} ${number}`)
  }
  return entries
}

/** `29-31` is three keys. */
function keysOf(part: string): number[] {
  const [first = 0, last = first] = part.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
