import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Makes a small workbook in a folder of its own (with a space in its path): the real launcher and package.json, and a
 * command line tool that says `main`. `files` are added, by path.
 */
export function sampleWorkbook(files: Record<string, string> = {}): string {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'work book '))
  fs.cpSync(path.join(ROOT, 'harness', 'bin'), path.join(root, 'harness', 'bin'), { recursive: true })
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(root, 'package.json'))
  write(root, {
    'harness/cli/main.ts': MAIN,
    'harness/cli/lazy.ts': "export const words: string[] = ['loaded', 'later']\n",
    'harness/check/index.ts': "export { words } from '../cli/lazy.ts'\n",
    'exercises/bookstore.ts': 'export const order = 1\n',
    ...files,
  })
  return root
}

/** What `main` says shows that it got its arguments, that a chunk can be loaded later, and that packages are found. */
const MAIN = `export async function main(argv: string[], root: string, built: string): Promise<number> {
  const { words } = await import('./lazy.ts')
  const { logLevel } = await import('kafkajs')
  console.log(JSON.stringify({ argv, root, built, words, found: logLevel.INFO }))
  return argv.includes('fail') ? 1 : 0
}
`

export function write(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}

/** Gives the sample the packages of the real workbook. */
export function linkPackages(root: string): void {
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'), 'junction')
}
