import type { Exercise } from '../exercise/find.ts'
import { lintChecks } from './lint/checks.ts'
import { lintCodeBlocks } from './lint/code-blocks.ts'
import { lintHints } from './lint/hints.ts'
import { lintImports } from './lint/imports.ts'
import { lintLeaks } from './lint/leaks.ts'
import { lintDocuments } from './lint/links.ts'
import { lintNames } from './lint/names.ts'
import { lintPage } from './lint/page.ts'
import type { Rule } from './lint/rule.ts'
import { lintStrayFiles } from './lint/stray-files.ts'
import { lintStub } from './lint/stub.ts'
import { lintTodos } from './lint/todos.ts'

const RULES: Rule[] = [lintPage, lintStub, lintChecks, lintImports, lintHints, lintLeaks, lintTodos]

/**
 * Everything that is wrong with the content of these exercises, with the documents, and with what lies among all exercises; an
 * empty list when nothing is.
 */
export async function lintContent(exercises: Exercise[], root: string): Promise<string[]> {
  const found = exercises.flatMap((exercise) => RULES.flatMap((rule) => rule(exercise, root)))
  return [
    ...found,
    ...lintNames(root),
    ...lintStrayFiles(root),
    ...lintDocuments(root),
    ...(await lintCodeBlocks(exercises, root)),
  ]
}
