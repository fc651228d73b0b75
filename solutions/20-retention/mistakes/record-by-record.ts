// The wrong idea: a record is deleted when it is too old.

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
  const isYoung = ({ timestamp }: LogRecord) =>
    policy.retentionMs === -1 || now - timestamp <= policy.retentionMs
  const log = segments
    .map((segment) => ({ ...segment, records: segment.records.filter(isYoung) }))
    .filter((segment) => segment.active || segment.records.length > 0)
  const sizeFrom = (at: number) => log.slice(at).reduce((sum, segment) => sum + segment.bytes, 0)
  while (policy.retentionBytes !== -1 && log.length > 1 && sizeFrom(1) >= policy.retentionBytes) log.shift()
  return log
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
