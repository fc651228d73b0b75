// A commit that cannot be used is taken away, and the question is asked once more without it.

export type Reset = 'earliest' | 'latest' | 'none' | `by_duration:${string}`

interface Log {
  start: bigint
  end: bigint
  records: { offset: bigint; timestamp: number }[]
}

export interface StartState {
  log: Log
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

export function startPosition(state: StartState): StartPosition {
  const { log, committed, group, partitionIsNew, now } = state
  const without = (reason: Reason): StartPosition => ({
    ...startPosition({ ...state, committed: null }),
    reason,
  })
  if (committed) {
    const goneAt =
      group.emptySince === null ? Number.POSITIVE_INFINITY : group.emptySince + group.offsetsRetentionMs
    if (goneAt <= now) return without('expired')
    const inside = log.start <= committed.offset && committed.offset <= log.end
    return inside ? { offset: committed.offset, reason: 'committed' } : without('out-of-range')
  }
  return { offset: policyOf(state)(log), reason: partitionIsNew ? 'new-partition' : 'no-commit' }
}

/** The policy as a function from a log to an offset. */
function policyOf({ client, now }: StartState): (log: Log) => bigint {
  const policy = 'autoOffsetReset' in client ? client.autoOffsetReset : client.fromBeginning
  switch (policy) {
    case true:
    case 'earliest':
      return (log) => log.start
    case false:
    case 'latest':
      return (log) => log.end
    case 'none':
      return () => {
        throw new Error('NoOffsetForPartition')
      }
    default:
      return (log) => firstSince(log, now - durationOf(policy))
  }
}

function firstSince(log: Log, time: number): bigint {
  for (const record of log.records) if (record.timestamp >= time) return record.offset
  return log.end
}

/** Reads character by character: digits gather, a letter closes them. */
function durationOf(text: string): number {
  const seconds = new Map([
    ['D', 24 * 60 * 60],
    ['H', 60 * 60],
    ['M', 60],
    ['S', 1],
  ])
  let digits = ''
  let total = 0
  for (const character of text.split(':')[1] ?? '') {
    if (character >= '0' && character <= '9') digits += character
    else {
      total += Number(digits) * (seconds.get(character) ?? 0)
      digits = ''
    }
  }
  return total * 1000
}
