import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests with an upper bound in time, or with processes that are stopped and woken: they run one after the other, with nothing beside them. */
const ALONE = [
  'answer/hostile',
  'cli/hostile-answers',
  'cli/interrupt',
  'debugger',
  'exercises/replication',
  'kafka/engine',
  'kafka/start',
  'kafka/wiretap/lane',
  'markdown/hostile',
  'quiz/quantity',
].map((name) => `harness/test/${name}.test.ts`)

/** The harness's own tests: `npm run unit`. They wait on conditions; the timeout is only there to end a hang. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    pool: 'threads',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['harness/test/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})
