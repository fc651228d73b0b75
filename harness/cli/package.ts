import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { untrackedFiles } from '../grade/release/copied-files.ts'
import { writeNpmPackage } from '../grade/release/npm-package.ts'
import type { Invocation } from './command.ts'

/** Writes the npm package that makes learners' folders. */
export async function run({ root, cwd, args, screen }: Invocation): Promise<number> {
  const [wanted, ...more] = args.positionals
  if (!wanted || more.length > 0)
    throw new WorkbookError('Name one folder for the package.', 'For instance: npm run package -- ../package')
  const folder = path.resolve(cwd, wanted)
  const files = writeNpmPackage(root, folder)
  screen.print([
    `  ${files} files in ${folder}`,
    `  to try it:      npm pack ${wanted}, then npx ./kafka-workbook-VERSION.tgz init my-kafka`,
    `  to publish it:  npm publish ${wanted}`,
    ...untrackedFiles(root).map((name) => `  left here, git does not know it: ${name}`),
  ])
  return 0
}
