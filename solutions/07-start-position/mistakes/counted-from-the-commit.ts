// The wrong idea: each commit has an age of its own, and in a group without members it counts.

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

export function startPosition(state: StartState): StartPosition {
  const { log, committed, group, partitionIsNew, now } = state
  if (!committed) return { offset: reset(state), reason: partitionIsNew ? 'new-partition' : 'no-commit' }
  if (group.emptySince !== null && now - committed.at >= group.offsetsRetentionMs) {
    return { offset: reset(state), reason: 'expired' }
  }
  if (committed.offset < log.start || committed.offset > log.end) {
    return { offset: reset(state), reason: 'out-of-range' }
  }
  return { offset: committed.offset, reason: 'committed' }
}

function reset({ log, client, now }: StartState): bigint {
  const policy =
    'autoOffsetReset' in client ? client.autoOffsetReset : client.fromBeginning ? 'earliest' : 'latest'
  if (policy === 'earliest') return log.start
  if (policy === 'latest') return log.end
  if (policy === 'none') throw new Error('no offset to begin with')
  const from = now - durationMs(policy)
  const first = log.records.find((record) => record.timestamp >= from)
  return first ? first.offset : log.end
}

function durationMs(policy: string): number {
  const part = (pattern: RegExp) => Number(pattern.exec(policy)?.[1] ?? 0)
  const hours = part(/(\d+)D/) * 24 + part(/(\d+)H/)
  return ((hours * 60 + part(/(\d+)M/)) * 60 + part(/(\d+)S/)) * 1000
}
