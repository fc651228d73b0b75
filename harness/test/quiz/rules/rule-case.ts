import type { Problem } from '../../../markdown/content.ts'

/** A small source in which one rule is broken, once. */
export interface RuleCase {
  rule: string
  what: string
  source: string
  /** The line that the rule is told with. */
  line: number
}

/** What stands at the start of the line that is wrong, and is taken away before the source is read. */
const HERE = '=> '

/** A source whose wrong line begins with `=> `. */
export function ruleCase(rule: string, what: string, marked: string): RuleCase {
  const lines = marked.replace(/^\n/, '').split('\n')
  const at = lines.findIndex((line) => line.startsWith(HERE))
  if (at < 0) throw new Error(`${rule}, ${what}: no line begins with "${HERE}"`)
  lines[at] = (lines[at] as string).slice(HERE.length)
  return { rule, what, source: lines.join('\n'), line: at + 1 }
}

/** A whole quiz called `t` with these questions; it has an error of its own when there is none. */
export function inQuiz(rule: string, what: string, questions: string): RuleCase {
  return ruleCase(rule, what, `${HEAD}${questions}`)
}

export const HEAD = `# Title
<!-- quiz
id: t
kafka: ">=4.0"
idea: known-idea 05
-->
`

/** Where and what, without the words. */
export function places(problems: readonly Problem[]): string[] {
  return problems.map(({ line, level, rule }) => `${line} ${level} ${rule}`)
}
