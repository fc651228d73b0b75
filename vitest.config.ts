import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { bundle } from './harness/bin/bundle.mjs'
import { testOptions, viteOptions } from './harness/run/vitest-options.ts'

/** For a plain `npx vitest` and for editors: the same checks, the same verdicts as `npm test`. */
const root = path.dirname(fileURLToPath(import.meta.url))
const { dir: built } = await bundle(root)

export default defineConfig({
  resolve: viteOptions(root, built).resolve,
  test: { ...testOptions(built), root, globalSetup: [path.join(built, 'vitest-setup.mjs')] },
})
