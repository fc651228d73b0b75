// What the checks are made of: logs, and what is told of them. Nothing to edit here.

import { checksFor } from '#workbook/check'
import type * as yours from './retention.ts'
import type { Policy, Segment } from './retention.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

export const HOUR = 3_600_000
export const now = Date.parse('2026-03-14T12:00:00Z')

/** A closed segment of 100 bytes whose records are so many hours old. */
export function aged(baseOffset: number, ages: number[], given: Partial<Segment> = {}): Segment {
  const records = ages.map((age, at) => ({
    offset: baseOffset + at,
    timestamp: now - age * HOUR,
    key: `ORD-${baseOffset + at}`,
    value: 'OrderPlaced',
  }))
  return { baseOffset, bytes: 100, records, active: false, ...given }
}

export const agedActive = (baseOffset: number, ages: number[]) => aged(baseOffset, ages, { active: true })

/** Arguments of `retain`, with a log of its own for each call. A limit that is not given is none. */
export const asked = (log: Segment[], given: Partial<Policy>): [Segment[], Policy, number] => [
  structuredClone(log),
  { retentionMs: -1, retentionBytes: -1, committed: {}, ...given },
  now,
]

export const ofOneDay = { retentionMs: 24 * HOUR }

/** The offsets of each segment. */
export const offsets = (log: Segment[]) => log.map(({ records }) => records.map(({ offset }) => offset))

/** A closed segment of a compacted topic: users, and their names. */
export function written(baseOffset: number, pairs: [key: string | null, value: string | null][]): Segment {
  const records = pairs.map(([key, value], at) => ({
    offset: baseOffset + at,
    timestamp: now - HOUR,
    key,
    value,
  }))
  return { baseOffset, bytes: 100, records, active: false }
}

export const writtenNow = (
  baseOffset: number,
  pairs: [key: string | null, value: string | null][],
): Segment => ({
  ...written(baseOffset, pairs),
  active: true,
})

/** All records of a log, one line for each. */
export const lines = (log: Segment[]) =>
  log.flatMap(({ records }) => records.map(({ offset, key, value }) => `${offset} ${key} ${value}`))

/** What a reader has in its table when it has read the whole log. */
export function table(log: Segment[]): Record<string, string> {
  const rows = new Map<string, string>()
  for (const { key, value } of log.flatMap(({ records }) => records)) {
    if (value === null) rows.delete(String(key))
    else rows.set(String(key), value)
  }
  return Object.fromEntries(rows)
}
