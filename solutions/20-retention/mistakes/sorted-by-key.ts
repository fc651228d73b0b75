// The wrong idea: a compacted log is a table, with one row for each key where the key first came.

export interface LogRecord {
  offset: number
  timestamp: number
  key: string | null
  value: string | null
  deleteHorizon?: number
}

export interface Segment {
  baseOffset: number
  bytes: number
  records: LogRecord[]
  active: boolean
}

export interface Policy {
  retentionMs: number
  retentionBytes: number
  committed: Record<string, number>
}

export interface CompactPolicy {
  deleteRetentionMs: number
}

export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  const log = segments.slice()
  while (log.length > 0 && goes(log, policy, now)) log.shift()
  if (log.length > 0) return log
  const last = segments[segments.length - 1]?.records.at(-1)
  return [{ baseOffset: (last?.offset ?? -1) + 1, bytes: 0, records: [], active: true }]
}

function goes(log: Segment[], policy: Policy, now: number): boolean {
  const [oldest, ...rest] = log
  if (!oldest || oldest.records.length === 0) return false
  const newest = Math.max(...oldest.records.map((record) => record.timestamp))
  const tooOld = policy.retentionMs !== -1 && now - newest > policy.retentionMs
  const left = rest.reduce((sum, segment) => sum + segment.bytes, 0)
  const tooLarge = policy.retentionBytes !== -1 && left >= policy.retentionBytes
  return tooOld || tooLarge
}

export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const closed = segments.filter((segment) => !segment.active)
  const table = new Map<string, LogRecord>()
  for (const record of closed.flatMap((segment) => segment.records)) {
    if (record.key !== null) table.set(record.key, record)
  }
  const records = [...table.values()]
    .filter((record) => record.value !== null || now < (record.deleteHorizon ?? now + 1))
    .map((record) =>
      record.value === null ? { deleteHorizon: now + policy.deleteRetentionMs, ...record } : record,
    )
  const [first] = closed
  const active = segments.filter((segment) => segment.active)
  return first ? [{ ...first, records }, ...active] : active
}
