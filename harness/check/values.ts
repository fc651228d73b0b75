import { inspect } from 'node:util'

const LONGEST = 240

/** Expected and actual as text on one line each, cut so that the first difference stays in sight. */
export function describePair(expected: unknown, actual: unknown): { expected: string; actual: string } {
  const left = describeValue(expected)
  const right = describeValue(actual)
  let same = 0
  while (same < left.length && left[same] === right[same]) same++
  return { expected: cutAround(left, same), actual: cutAround(right, same) }
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return inspect(value, {
    depth: 6,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
    maxArrayLength: 50,
    sorted: true,
  })
}

/** At most LONGEST characters; what is left out is shown as "...", never the place `at`. */
export function cutAround(text: string, at: number): string {
  if (text.length <= LONGEST) return text
  const start = Math.max(0, Math.min(at - LONGEST / 3, text.length - LONGEST))
  const end = start + LONGEST
  return `${start > 0 ? '...' : ''}${text.slice(start, end)}${end < text.length ? '...' : ''}`
}
