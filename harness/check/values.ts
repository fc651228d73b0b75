import { inspect, isDeepStrictEqual } from 'node:util'
import { oneLine, onlyAscii } from '../kafka/wiretap/show-value.ts'

const LONGEST = 240
/** Objects of more entries than this are shown by their differences. */
const FEW_ENTRIES = 4
const MOST_ITEMS = 50

/**
 * Expected and actual as text on one line each: of two large objects only what differs, and cut so that the first
 * difference stays in sight. What cannot be seen is escaped, and so is what can be written in two ways, where the two
 * would look alike (Unicode's normal form NFKC).
 */
export function describePair(expected: unknown, actual: unknown): { expected: string; actual: string } {
  const [one, other] = onlyDifferences(readable(expected), readable(actual))
  const [left, right] = toldApart(describeValue(one), describeValue(other))
  let same = 0
  while (same < left.length && left[same] === right[same]) same++
  return { expected: cutAround(left, same), actual: cutAround(right, same) }
}

function toldApart(one: string, other: string): [string, string] {
  const lookAlike = one !== other && one.normalize('NFKC') === other.normalize('NFKC')
  return lookAlike ? [onlyAscii(one), onlyAscii(other)] : [one, other]
}

/** Two plain objects of many entries lose the entries that are equal. */
function onlyDifferences(one: unknown, other: unknown): [unknown, unknown] {
  if (!isPlain(one) || !isPlain(other)) return [one, other]
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  if (names.length <= FEW_ENTRIES) return [one, other]
  const differing = names.filter((name) => !isDeepStrictEqual(one[name], other[name]))
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(differing.filter((name) => name in from).map((name) => [name, from[name]]))
  return [pick(one), pick(other)]
}

/** Vitest's matchers (`expect.any(String)`) as they are called, and not as they are built. */
function readable(value: unknown, depth = 0): unknown {
  if (depth > 6) return value
  if (isMatcher(value)) return { [inspect.custom]: () => String(value.toAsymmetricMatcher?.() ?? value) }
  if (Array.isArray(value))
    return value.length > MOST_ITEMS ? value : value.map((item) => readable(item, depth + 1))
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readable(one, depth + 1)]))
}

function isMatcher(value: unknown): value is { toAsymmetricMatcher?(): string } {
  return typeof value === 'object' && value !== null && '$$typeof' in value && 'asymmetricMatch' in value
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return oneLine(JSON.stringify(value))
  const text = inspect(value, {
    depth: 6,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
    maxArrayLength: MOST_ITEMS,
    sorted: true,
  })
  // The stack of an error has several lines.
  return text.split('\n').map(oneLine).join('\n')
}

/** At most LONGEST characters; what is left out is shown as "...", never the place `at`. */
export function cutAround(text: string, at: number): string {
  if (text.length <= LONGEST) return text
  const start = Math.max(0, Math.min(at - LONGEST / 3, text.length - LONGEST))
  const end = start + LONGEST
  return `${start > 0 ? '...' : ''}${text.slice(start, end)}${end < text.length ? '...' : ''}`
}
