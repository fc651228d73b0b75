import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** What one run leaves for the next: the container that is up. */
export interface BrokerFile {
  /** The engine's id of the container. */
  id: string
  image: string
  /** `host:port` */
  bootstrap: string
  /** ISO 8601. */
  startedAt: string
}

/** The container that an earlier run left, or null when there is none or its file cannot be read. */
export function readBrokerFile(root: string): BrokerFile | null {
  for (const file of places(root)) {
    try {
      const { id, image, bootstrap, startedAt } = JSON.parse(fs.readFileSync(file, 'utf8'))
      if ([id, image, bootstrap, startedAt].every((one) => typeof one === 'string')) {
        return { id, image, bootstrap, startedAt }
      }
    } catch {
      // Not there, or damaged: as good as not there.
    }
  }
  return null
}

/** Writes the file unless there is one already; returns whether it did. */
export function writeBrokerFile(root: string, content: BrokerFile): boolean {
  for (const file of places(root)) {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' })
      return true
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (code === 'EEXIST' && syscall === 'open') return false
      // The folder cannot be written to: the other place.
    }
  }
  return false
}

export function removeBrokerFile(root: string): void {
  for (const file of places(root)) {
    try {
      fs.rmSync(file, { force: true })
    } catch {
      // A read-only workbook has its file in the other place.
    }
  }
}

/** `.workbook/broker.json`, or a file in the temporary folder when the workbook is read-only. */
function places(root: string): string[] {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return [path.join(root, '.workbook', 'broker.json'), path.join(os.tmpdir(), `kafka-workbook-${name}.json`)]
}
