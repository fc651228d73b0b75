import { plain, shortNames } from '../../report/style.ts'
import type { CheckResult } from '../../result.ts'

/** Of a check that waits for another. The other one has an id that only authors know. */
export const NOT_LOOKED_AT = 'not looked at: an earlier one does not hold'

/**
 * Why a check did not pass, as lines of plain text for a student: the mistake by its name, what was expected, where to look,
 * and what went over the wire. Empty for a check that passed. Nothing in it can steer a terminal.
 */
export function outcomeText(check: CheckResult): string[] {
  if (check.verdict === 'passed') return []
  if (check.verdict === 'blocked') return [NOT_LOOKED_AT]
  const lines = [
    check.mistake ? `${check.mistake.sentence} (${check.mistake.id})` : check.message,
    check.expected === undefined ? undefined : `expected ${check.expected}`,
    check.actual === undefined ? undefined : `actual ${check.actual}`,
    check.at ? `look at ${check.at.file}:${check.at.line}` : undefined,
    ...check.wire.map((line) => `${line.marked ? '>' : ' '} ${line.atMs} ms  ${line.api}  ${line.text}`),
  ]
  return lines.flatMap((line) => (line ? shortNames(plain(line)).split('\n') : []))
}
