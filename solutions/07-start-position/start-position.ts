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

/** The commit is looked at before any setting of the client: that is the whole lesson. */
export function startPosition(state: StartState): StartPosition {
  const { committed } = state
  const problem = whyNotTheCommit(state)
  if (committed && problem === null) return { offset: committed.offset, reason: 'committed' }
  const reason = problem ?? 'no-commit'
  return { offset: resetOffset(state, reason), reason }
}

/** Why the group's commit does not decide; null when it does. */
function whyNotTheCommit({ log, committed, group, partitionIsNew, now }: StartState): Reason | null {
  if (committed === null) return partitionIsNew ? 'new-partition' : 'no-commit'
  // The clock runs from the moment the group became empty (KIP-211), so the age of the commit itself says nothing.
  if (group.emptySince !== null && now - group.emptySince >= group.offsetsRetentionMs) return 'expired'
  // The log end is in range: it is where a group stands that has read everything.
  if (committed.offset < log.start || committed.offset > log.end) return 'out-of-range'
  return null
}

function resetOffset({ log, client, now }: StartState, reason: Reason): bigint {
  const reset =
    'fromBeginning' in client ? (client.fromBeginning ? 'earliest' : 'latest') : client.autoOffsetReset
  if (reset === 'earliest') return log.start
  if (reset === 'latest') return log.end
  if (reset === 'none') throw new Error(`no offset to begin with (${reason}), and no reset policy`)
  // First in the order of the log: a younger record may stand before an older one, and it must not be skipped.
  const oldest = now - milliseconds(reset.slice('by_duration:'.length))
  return log.records.find(({ timestamp }) => timestamp >= oldest)?.offset ?? log.end
}

/** The length of an ISO 8601 duration of days, hours, minutes and seconds. */
function milliseconds(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration)
  if (!parts) throw new Error(`${duration} is no duration`)
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
