import { aligned } from '../broker-rows.ts'
import type { Holdings } from './measure.ts'
import type { Soaked } from './soak.ts'

const MIB = 1024 * 1024

/**
 * How much heap may be more than before, in bytes: code that was optimised meanwhile, and lists that keep their room. One
 * forgotten topic takes more than 2 KiB, one forgotten member more than 1 KiB, so the thousand topics or the members of two
 * hundred groups would not go unnoticed.
 */
const HEAP_TOLERANCE = MIB
/** Buffers: the pool that Node cuts small ones from, and what a socket has just read. A million records are 110 MiB. */
const BUFFER_TOLERANCE = MIB

interface Line {
  label: string
  value(holdings: Holdings): number
  tolerance: number
}

function linesOf({ before, after }: Soaked): Line[] {
  const kinds = [...new Set([...Object.keys(before.resources), ...Object.keys(after.resources)])].sort()
  return [
    ...kinds.map((kind) => ({
      label: kind,
      value: ({ resources }: Holdings) => resources[kind] ?? 0,
      tolerance: 0,
    })),
    { label: 'topics', value: ({ topics }) => topics, tolerance: 0 },
    { label: 'groups', value: ({ groups }) => groups, tolerance: 0 },
    { label: 'heap in MiB', value: ({ heapBytes }) => heapBytes / MIB, tolerance: HEAP_TOLERANCE / MIB },
    {
      label: 'buffers in MiB',
      value: ({ bufferBytes }) => bufferBytes / MIB,
      tolerance: BUFFER_TOLERANCE / MIB,
    },
  ]
}

/** What the broker held before and after, and what has not come back. */
export function soakTable(soaked: Soaked): { lines: string[]; left: string[] } {
  const lines = linesOf(soaked)
  const rows = lines.map(({ label, value, tolerance }) => [
    label,
    show(value(soaked.before)),
    show(value(soaked.after)),
    tolerance === 0 ? 'none' : show(tolerance),
  ])
  const left = lines
    .filter(({ value, tolerance }) => value(soaked.after) > value(soaked.before) + tolerance)
    .map(({ label }) => label)
  return { lines: aligned([['held by the broker', 'before', 'after', 'more allowed'], ...rows]), left }
}

function show(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(2)
}
