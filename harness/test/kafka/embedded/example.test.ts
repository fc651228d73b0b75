import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/* The program in the broker's README does what its comment says. */

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const README = readFileSync(path.join(ROOT, 'harness', 'kafka', 'embedded', 'README.md'), 'utf8')

test('the program in the README runs as it is written, and ends by itself', { timeout: 60_000 }, async () => {
  const [, contents = ''] = /^```ts\r?\n([\s\S]*?)^```/m.exec(README) ?? []
  const [, told] = /console\.log\(.+\) \/\/ (.+)/.exec(contents) ?? []
  // Inside the workbook, so that its packages are found.
  const folder = path.join(ROOT, '.workbook', 'build', `example-${process.pid}`)
  const outfile = path.join(folder, 'example.mjs')
  mkdirSync(folder, { recursive: true })
  try {
    await build({
      stdin: { contents, resolveDir: ROOT, loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    })
    const env = { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' }
    const printed = execFileSync(process.execPath, [outfile], { env, encoding: 'utf8', timeout: 50_000 })
    expect(told).toBeDefined()
    expect(printed).toBe(`${told}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
