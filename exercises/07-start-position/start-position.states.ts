// What the checks are made of: a log, and states of a group that reads it. Nothing to edit here.

import { checksFor } from '#workbook/check'
import type * as yours from './start-position.ts'
import type { Reset, StartState } from './start-position.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const now = Date.parse('2026-03-14T12:00:00Z')

/** Offsets 40 to 44, between one and five hours old. What came before them has been deleted. */
export const log: StartState['log'] = {
  start: 40n,
  end: 45n,
  records: [5, 4, 3, 2, 1].map((age, at) => ({ offset: 40n + BigInt(at), timestamp: now - age * HOUR })),
}

const running = { emptySince: null, offsetsRetentionMs: 7 * DAY }
export const committedAt = (offset: bigint, age = HOUR) => ({ offset, at: now - age })
export const java = (autoOffsetReset: Reset) => ({ client: { autoOffsetReset } })
export const kafkajs = (fromBeginning: boolean) => ({ client: { fromBeginning } })

/** A group at work that has no commit yet, on the log above; `given` says what is different. */
export const state = (given: Partial<StartState>): [StartState] => [
  { log, committed: null, group: running, partitionIsNew: false, ...java('latest'), now, ...given },
]

export const offsetsOf = (positions: { offset: bigint }[]) => positions.map(({ offset }) => offset)
export const reasonsOf = (positions: { reason: string }[]) => [
  ...new Set(positions.map(({ reason }) => reason)),
]
