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

/**
 * Where a consumer of a group begins to read one partition, and why there. Throws when the commit cannot be used and the
 * consumer wants `none`.
 */
export function startPosition(state: StartState): StartPosition {
  throw new Error('TODO startPosition: find out whether the commit can be used, and if not, where to begin')
}
