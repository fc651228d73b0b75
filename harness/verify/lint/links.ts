import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lineAt, located } from './rule.ts'

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'harness/README.md']
const FOLDER = 'docs'

/** Beside the files, where GitHub shows them: the codespaces of this repository. */
export const GITHUBS_OWN = '../../codespaces'

/** Links that lead nowhere in the documents that are no exercise's page. */
export function lintDocuments(root: string): string[] {
  const folder = path.join(root, FOLDER)
  const inFolder = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : []
  return [...DOCUMENTS, ...inFolder.map((name) => path.join(FOLDER, name))]
    .map((name) => path.join(root, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => linkProblems(file, readFileSync(file, 'utf8'), root))
}

/** Links into the workbook lead to files that exist; links out of it are https. */
export function linkProblems(file: string, text: string, root: string): string[] {
  const wrong: string[] = []
  for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = match[1] as string
    const line = lineAt(text, match.index)
    if (target.startsWith('https://') || target.startsWith('#') || target === GITHUBS_OWN) continue
    if (/^[a-z]+:/.test(target)) wrong.push(located(root, file, line, `the link ${target} is not https`))
    else if (!existsSync(path.resolve(path.dirname(file), target.split('#')[0] as string))) {
      wrong.push(located(root, file, line, `the link ${target} leads nowhere`))
    }
  }
  return wrong
}
