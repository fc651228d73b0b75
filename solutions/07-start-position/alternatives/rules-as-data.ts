// Both questions as tables: the first rule that applies names the reason, the name of the policy picks the offset.

export type Reset = 'earliest' | 'latest' | 'none' | `by_duration:${string}`

export interface StartState {
  log: { start: bigint; end: bigint; records: { offset: bigint; timestamp: number }[] }
  committed: { offset: bigint; at: number } | null
  group: { emptySince: number | null; offsetsRetentionMs: number }
  partitionIsNew: boolean
  client: { fromBeginning: boolean } | { autoOffsetReset: Reset }
  now: number
}

export type Reason = 'committed' | 'no-commit' | 'expired' | 'out-of-range' | 'new-partition'

export interface StartPosition {
  offset: bigint
  reason: Reason
}

const RULES: [Reason, (state: StartState) => boolean][] = [
  ['new-partition', ({ committed, partitionIsNew }) => !committed && partitionIsNew],
  ['no-commit', ({ committed }) => !committed],
  ['expired', ({ group, now }) => now - (group.emptySince ?? now) >= group.offsetsRetentionMs],
  ['out-of-range', ({ log, committed }) => (committed?.offset ?? -1n) < log.start],
  ['out-of-range', ({ log, committed }) => (committed?.offset ?? -1n) > log.end],
  ['committed', () => true],
]

const POLICIES: Record<string, (state: StartState, argument: string) => bigint | undefined> = {
  earliest: ({ log }) => log.start,
  latest: ({ log }) => log.end,
  by_duration: ({ log, now }, duration) =>
    [...log.records, { offset: log.end, timestamp: now }].find(
      ({ timestamp }) => now - timestamp <= milliseconds(duration),
    )?.offset,
}

const UNITS: Record<string, number> = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 }

const milliseconds = (duration: string) =>
  [...duration.matchAll(/(\d+)([DHMS])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? Number.NaN),
    0,
  )

export function startPosition(state: StartState): StartPosition {
  const [reason] = RULES.find(([, applies]) => applies(state)) as (typeof RULES)[number]
  if (reason === 'committed' && state.committed) return { reason, offset: state.committed.offset }
  const { fromBeginning, autoOffsetReset } = { fromBeginning: false, autoOffsetReset: '', ...state.client }
  const [name = '', argument = ''] = (autoOffsetReset || (fromBeginning ? 'earliest' : 'latest')).split(':')
  const offset = POLICIES[name]?.(state, argument)
  if (offset === undefined) throw new RangeError(`policy ${name} gives no offset (${reason})`)
  return { reason, offset }
}
