import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * Copies the workbook, with the packages of this one, into a folder with a space in its name: a learner's own copy, in
 * which an exercise can be edited. The caller removes it.
 */
export function copyWorkbook(): string {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'work book '))
  const tests = path.join(ROOT, 'harness', 'test')
  for (const name of ['harness', 'exercises', '.vscode', 'package.json', 'tsconfig.json']) {
    fs.cpSync(path.join(ROOT, name), path.join(root, name), {
      recursive: true,
      filter: (file) => file !== tests,
    })
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'), 'junction')
  return root
}
