import { existsSync } from 'node:fs'
import path from 'node:path'
import { canTest } from './program.ts'

/** The folder that `.ci/clients/install` filled. */
const folder = process.env.WORKBOOK_TEST_CLIENTS ?? ''

/** A client that `.ci/clients/install` installs: the file that a program needs, and whether it is here. */
export function installedClient(name: string, ...file: string[]): { file: string; canTest: boolean } {
  const found = path.join(folder, ...file)
  return {
    file: found,
    canTest: canTest(`${name} in WORKBOOK_TEST_CLIENTS`, folder !== '' && existsSync(found)),
  }
}
