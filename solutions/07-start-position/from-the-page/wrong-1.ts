// Written from the page alone. First verdict: failed.
// Wrong: once the group is empty, the retention is counted from the commit itself; by the page it counts from the moment the last member left, so a group that committed long ago and left an hour ago still has its commit.
/** `auto.offset.reset` of a Java consumer. A duration is written `PT90S`, `PT1H30M`, `P3D` or `P1DT12H`. */
export type Reset = 'earliest' | 'latest' | 'none' | `by_duration:${string}`

/** Everything that decides where a consumer begins to read one partition. Times are milliseconds since the epoch. */
export interface StartState {
  /** What is stored now. Offsets may have gaps, and timestamps need not rise. */
  log: {
    start: bigint
    /** The offset that the next record will get. */
    end: bigint
    records: { offset: bigint; timestamp: number }[]
  }
  /** The group's last commit for this partition, and when it was made; null: it never made one. */
  committed: { offset: bigint; at: number } | null
  /** `emptySince`: when the last member left; null while there are members. */
  group: { emptySince: number | null; offsetsRetentionMs: number }
  /** The partition was added to the topic while the group was already reading the others. */
  partitionIsNew: boolean
  /** What the consumer asks for: in the words of kafkajs, or in those of Java. */
  client: { fromBeginning: boolean } | { autoOffsetReset: Reset }
  now: number
}

export type Reason = 'committed' | 'no-commit' | 'expired' | 'out-of-range' | 'new-partition'

export interface StartPosition {
  /** The first offset that the consumer asks for. */
  offset: bigint
  reason: Reason
}

function durationMs(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text)
  if (match === null) throw new Error(`not a duration: ${text}`)
  const [, days, hours, minutes, seconds] = match
  return (
    (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 +
      Number(seconds ?? 0)) *
    1000
  )
}

function reset({ log, client, now }: StartState): bigint {
  const policy: Reset =
    'autoOffsetReset' in client ? client.autoOffsetReset : client.fromBeginning ? 'earliest' : 'latest'
  if (policy === 'earliest') return log.start
  if (policy === 'latest') return log.end
  if (policy === 'none') throw new Error('no offset to begin at, and auto.offset.reset is none')
  const oldest = now - durationMs(policy.slice('by_duration:'.length))
  return log.records.find((record) => record.timestamp >= oldest)?.offset ?? log.end
}

/**
 * Where a consumer of a group begins to read one partition, and why there. Throws when the commit cannot be used and the
 * consumer wants `none`.
 */
export function startPosition(state: StartState): StartPosition {
  const { committed, group, log, now } = state
  if (committed === null) {
    return { offset: reset(state), reason: state.partitionIsNew ? 'new-partition' : 'no-commit' }
  }
  // An active group keeps its commits; without members, a commit that is older than the retention is thrown away.
  const age = now - committed.at
  if (group.emptySince !== null && age >= group.offsetsRetentionMs)
    return { offset: reset(state), reason: 'expired' }
  if (committed.offset < log.start || committed.offset > log.end) {
    return { offset: reset(state), reason: 'out-of-range' }
  }
  return { offset: committed.offset, reason: 'committed' }
}
