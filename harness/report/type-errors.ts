import { type Look, paint, plain, wrap } from './style.ts'

const WIDEST = 110
const INDENT = ' '.repeat(8)

/** What TypeScript says of an answer, to stand below its verdict: at most so many errors, the others are counted. */
export function typeErrorLines(errors: readonly string[], look: Look, most: number): string[] {
  if (errors.length === 0) return []
  const width = Math.max(20, Math.min(look.width, WIDEST) - INDENT.length)
  const shown = errors.slice(0, most).flatMap((error) => wrap(plain(error), width))
  const left = errors.length - most
  const more = left > 0 ? [paint(look, 'dim', `... and ${left} more`)] : []
  return [
    `    ${paint(look, 'dim', 'TypeScript says')}`,
    ...[...shown, ...more].map((line) => `${INDENT}${line}`),
    '',
  ]
}
