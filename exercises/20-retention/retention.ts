export interface LogRecord {
  offset: number
  /** Milliseconds since the epoch. Producers set it, so it need not rise from record to record. */
  timestamp: number
  key: string | null
  /** null: a tombstone. It says that this key is gone. */
  value: string | null
  /** Only for a tombstone that a cleaning has met: from this time on a cleaning may remove it. */
  deleteHorizon?: number
}

/** One file of a log. A log is a list of them, from the oldest to the active one, which is written to. */
export interface Segment {
  /** The first offset that belongs here. */
  baseOffset: number
  bytes: number
  records: LogRecord[]
  /** True for the last one, and only for that. */
  active: boolean
}

export interface Policy {
  /** `retention.ms`; -1 for no limit. */
  retentionMs: number
  /** `retention.bytes`, of one partition; -1 for no limit. */
  retentionBytes: number
  /** What each group that reads this partition has committed. */
  committed: Record<string, number>
}

export interface CompactPolicy {
  /** `delete.retention.ms`: so long a tombstone stays after the first cleaning that met it. */
  deleteRetentionMs: number
}

/** The log after the broker has deleted what the policy lets go: `cleanup.policy=delete`. */
export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  throw new Error('TODO retain: find the segments that go')
}

/** The log after one cleaning: `cleanup.policy=compact`. */
export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  throw new Error('TODO compact: find the records that stay')
}
