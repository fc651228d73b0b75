// Changes the log that it is given, and returns it.

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
  const { retentionMs, retentionBytes } = policy
  const end = endOf(segments)
  const mayGo = ({ records }: Segment) => {
    const newest = records.reduce((latest, { timestamp }) => Math.max(latest, timestamp), -1)
    const bytesBehind = segments.slice(1).reduce((sum, { bytes }) => sum + bytes, 0)
    if (retentionBytes !== -1 && bytesBehind >= retentionBytes) return true
    return retentionMs !== -1 && newest !== -1 && newest + retentionMs < now
  }
  for (let oldest = segments[0]; oldest && mayGo(oldest); oldest = segments[0]) segments.shift()
  if (segments.length === 0) segments.push({ baseOffset: end, bytes: 0, records: [], active: true })
  return segments
}

function endOf(segments: Segment[]): number {
  const offsets = segments.flatMap(({ baseOffset, records }) => [
    baseOffset,
    ...records.map(({ offset }) => offset + 1),
  ])
  return Math.max(0, ...offsets)
}

export function compact(segments: Segment[], { deleteRetentionMs }: CompactPolicy, now: number): Segment[] {
  const newest: Record<string, LogRecord> = {}
  const closed = segments.slice(0, -1)
  for (const segment of closed) {
    for (const record of segment.records) if (record.key !== null) newest[`key ${record.key}`] = record
  }
  for (const segment of closed) {
    segment.records = segment.records.filter((record) => {
      if (newest[`key ${record.key}`] !== record) return false
      if (record.value !== null) return true
      if (record.deleteHorizon !== undefined) return record.deleteHorizon > now
      record.deleteHorizon = now + deleteRetentionMs
      return true
    })
  }
  return segments
}
