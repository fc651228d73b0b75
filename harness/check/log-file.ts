import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Log } from '../result.ts'

/**
 * Writes everything that the answer printed during a check to a file and returns its path, relative to the workbook
 * where it lies inside. A read-only workbook gets it in the system's temporary folder.
 */
export function keepLog(root: string, checkId: string, logs: Log[]): string {
  const text = logs.map((log) => `${log.stream === 'stderr' ? '! ' : '  '}${log.text}\n`).join('')
  const name = `${checkId}.log`
  try {
    return write(path.join(root, '.workbook', 'logs', name), text, root)
  } catch {
    return write(path.join(tmpdir(), 'kafka-workbook-logs', name), text, root)
  }
}

function write(file: string, text: string, root: string): string {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  const relative = path.relative(root, file)
  return relative.startsWith('..') ? file : relative.split(path.sep).join('/')
}
