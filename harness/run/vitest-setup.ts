import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { openBackstage } from './backstage.ts'

/**
 * Vitest's global set-up for a plain `npx vitest` and for editors: broker and keeper start in the main process, and
 * their addresses go to the workers by `provide`. KAFKA_WORKBOOK_BROKER chooses the broker as `--broker` does.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = path.dirname(fileURLToPath(import.meta.url))
  const backstage = await openBackstage({
    root: project.config.root,
    built,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  })
  project.provide('workbook', backstage.context)
  return async () => {
    backstage.sweeper.sweep(backstage.context.run)
    await backstage.close()
  }
}
