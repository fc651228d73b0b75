import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { openContainer } from '../kafka/container.ts'
import { findEngine } from '../kafka/engine.ts'
import { removeOwn } from '../kafka/leftovers.ts'

/** A start of Kafka in a container that is measured. */
export interface ContainerStart {
  /** Milliseconds from nothing to a broker that answers, or why no container can be had. */
  time(onProgress: (line: string) => void): Promise<number | WorkbookError>
  /** Removes the container, and nothing else. */
  remove(): Promise<void>
}

/** It belongs to a folder of its own, as if to another workbook: a broker that stays up for this one is left alone. */
export function containerStart(): ContainerStart {
  const root = mkdtempSync(path.join(tmpdir(), 'workbook-bench-'))
  return {
    async time(onProgress) {
      try {
        const startedAt = performance.now()
        const broker = await openContainer({ root, onProgress })
        const ms = performance.now() - startedAt
        await broker.stop()
        return ms
      } catch (error) {
        if (error instanceof WorkbookError) return error
        throw error
      }
    },
    async remove() {
      const engine = await findEngine()
      if (engine) await removeOwn(engine, root)
      rmSync(root, { recursive: true, force: true })
    },
  }
}
