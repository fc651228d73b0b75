import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The harness's own tests: `npm run unit`. They wait on conditions; the timeout is only there to end a hang. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['harness/test/**/*.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
