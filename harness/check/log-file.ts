import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathInside } from '../path-inside.ts'
import type { OutputLine } from '../result.ts'

/**
 * Writes what the answer printed during a check, as far as it was kept, to a file and returns its path, relative to the
 * workbook where it lies inside. A read-only workbook gets it in the system's temporary folder; undefined where nothing
 * can be written at all.
 */
export function keepLog(root: string, checkId: string, logs: OutputLine[]): string | undefined {
  const text = logs.map((log) => `${log.stream === 'stderr' ? '! ' : '  '}${log.text}\n`).join('')
  return keepText(root, `${checkId}.log`, text)
}

/** The same for any text about a check; `name` is that of its file. */
export function keepText(root: string, name: string, text: string): string | undefined {
  for (const folder of [path.join(root, '.workbook', 'logs'), path.join(tmpdir(), 'kafka-workbook-logs')]) {
    try {
      return write(path.join(folder, name), text, root)
    } catch {
      // Read-only, or somebody else's: the next place.
    }
  }
  return undefined
}

function write(file: string, text: string, root: string): string {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  return pathInside(root, file) ?? file
}
