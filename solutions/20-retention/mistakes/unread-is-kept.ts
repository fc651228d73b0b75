// The wrong idea: a record stays until every group has read it.

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
  const lastOffset = oldest.records.at(-1)?.offset ?? 0
  const unread = Object.values(policy.committed).some((offset) => offset <= lastOffset)
  return (tooOld || tooLarge) && !unread
}

export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const latest = new Map<string, LogRecord>()
  for (const segment of segments) {
    if (segment.active) continue
    for (const record of segment.records) {
      if (record.key !== null) latest.set(record.key, record)
    }
  }
  return segments.map((segment) => {
    if (segment.active) return segment
    const records: LogRecord[] = []
    for (const record of segment.records) {
      if (record.key === null || latest.get(record.key) !== record) continue
      if (record.value !== null) {
        records.push(record)
      } else if (record.deleteHorizon === undefined) {
        records.push({ ...record, deleteHorizon: now + policy.deleteRetentionMs })
      } else if (now < record.deleteHorizon) {
        records.push(record)
      }
    }
    return { ...segment, records }
  })
}
