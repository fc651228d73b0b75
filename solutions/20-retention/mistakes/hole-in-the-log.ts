// The wrong idea: every segment is judged for itself.

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
  const log = segments.filter((segment) => !isTooOld(segment, policy, now))
  const sizeFrom = (at: number) => log.slice(at).reduce((sum, segment) => sum + segment.bytes, 0)
  while (policy.retentionBytes !== -1 && log.length > 1 && sizeFrom(1) >= policy.retentionBytes) log.shift()
  if (log.length > 0) return log
  const last = segments.at(-1)?.records.at(-1)
  return [{ baseOffset: (last?.offset ?? -1) + 1, bytes: 0, records: [], active: true }]
}

function isTooOld({ records }: Segment, { retentionMs }: Policy, now: number): boolean {
  if (retentionMs === -1 || records.length === 0) return false
  return now - Math.max(...records.map((record) => record.timestamp)) > retentionMs
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
