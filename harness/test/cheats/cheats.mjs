import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundle } from '../../bin/bundle.mjs'

/** Builds the corpus of attacks and tries it: `npm run cheats`. */
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '..', '..', '..')
const { dir } = await bundle(root)
const folder = mkdtempSync(path.join(dir, 'cheats-'))
try {
  await build({
    entryPoints: { cheats: path.join(here, 'cheats.ts'), 'cheats-grader': path.join(here, 'grader.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  })
  const { run } = await import(pathToFileURL(path.join(folder, 'cheats.mjs')).href)
  process.exitCode = await run(root, dir, path.join(folder, 'cheats-grader.mjs'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
