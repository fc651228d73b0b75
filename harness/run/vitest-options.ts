import path from 'node:path'
import type { InlineConfig as ViteConfig } from 'vite'
import type { InlineConfig } from 'vitest/node'

/**
 * How vitest runs the checks, the same for `npm test`, for a plain `npx vitest` and for an editor: one worker thread,
 * and `#workbook/check` taken from the built harness, so that vite has nothing to transform but the check file.
 */
export function testOptions(built: string): InlineConfig {
  return {
    include: ['exercises/*/*.check.ts'],
    pool: 'threads',
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 0,
    // It orders files by their last result, here there is one; and two runs at once would read each other's half-written file.
    cache: false,
    server: { deps: { external: [new RegExp(escapeRegExp(built.replaceAll('\\', '/')))] } },
  }
}

export function viteOptions(root: string, built: string): ViteConfig {
  return {
    root,
    configFile: false,
    clearScreen: false,
    logLevel: 'error',
    cacheDir: path.join(root, '.workbook', 'vite'),
    resolve: {
      alias: {
        '#workbook/check': path.join(built, 'check.mjs'),
        // One file with a code cache: a check that asks kafkajs for its partitioner gets it in a tenth of the time.
        kafkajs: path.join(built, 'kafkajs.cjs'),
      },
    },
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
