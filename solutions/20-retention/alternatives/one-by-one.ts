// Takes segments off the front, one after the other, as long as a rule allows it; cleans from the newest record back.

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
  const log = [...segments]
  let bytes = log.reduce((sum, segment) => sum + segment.bytes, 0)
  let endOffset = 0
  while (log[0] !== undefined && log[0].records.length > 0) {
    const oldest = log[0]
    let newest = Number.NEGATIVE_INFINITY
    for (const { timestamp } of oldest.records) newest = timestamp > newest ? timestamp : newest
    const old = policy.retentionMs >= 0 && newest < now - policy.retentionMs
    const large = policy.retentionBytes >= 0 && bytes - oldest.bytes >= policy.retentionBytes
    if (!old && !large) break
    bytes -= oldest.bytes
    endOffset = (oldest.records.at(-1)?.offset ?? endOffset) + 1
    log.shift()
  }
  if (log.length === 0) log.push({ baseOffset: endOffset, bytes: 0, records: [], active: true })
  return log
}

export function compact(segments: Segment[], { deleteRetentionMs }: CompactPolicy, now: number): Segment[] {
  const seen = new Set<string>()
  const cleaned: Segment[] = []
  for (const segment of segments.toReversed()) {
    if (segment.active) {
      cleaned.unshift(segment)
      continue
    }
    const records: LogRecord[] = []
    for (const record of segment.records.toReversed()) {
      if (record.key === null || seen.has(record.key)) continue
      seen.add(record.key)
      if (record.value === null) {
        if (record.deleteHorizon === undefined) {
          records.unshift({ ...record, deleteHorizon: now + deleteRetentionMs })
          continue
        }
        if (now >= record.deleteHorizon) continue
      }
      records.unshift(record)
    }
    // A file that holds nothing any more is not kept.
    if (records.length > 0) cleaned.unshift({ ...segment, records })
  }
  return cleaned
}
