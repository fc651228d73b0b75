import { readFileSync } from 'node:fs'
import type { Place } from '../result.ts'

/**
 * Where an exported function of the answer, or a method of its class, begins: the one called `name`, else the first exported
 * function or class. Or a list of that name, where the answer is a document. It tells the learner where to look; nothing is judged by the text of an answer.
 */
export function placeOfFunction(file: string, name: string | undefined): Place | undefined {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  const declared = name ? escapeName(name) : '[A-Za-z_$][\\w$]*'
  const exported = new RegExp(
    `^\\s*export\\s+(?:default\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|class)\\s+(${declared})(?![\\w$])`,
  )
  const method = new RegExp(`^ +(?:public +)?(?:async +)?(${declared})(?: *\\(| = (?:async *)?\\().*\\{$`)
  const list = new RegExp(`^ +(${declared}): \\[`)
  for (const pattern of name ? [exported, method, list] : [exported]) {
    for (const [index, line] of lines.entries()) {
      const found = pattern.exec(line)
      if (found?.[1]) return { file, line: index + 1, ...(pattern !== list && { within: found[1] }) }
    }
  }
  return undefined
}

function escapeName(name: string): string {
  return name.replaceAll('$', '\\$')
}
