// Another right way: looks at the oldest segment, and when it goes, at the log behind it as at any other.

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

/** Looks at the oldest segment, and when it goes, at the log that begins behind it. */
export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  const [oldest, ...behind] = segments
  if (oldest === undefined) return []
  const tooOld =
    policy.retentionMs !== -1 && oldest.records.every((r) => now - r.timestamp > policy.retentionMs)
  if (oldest.active) {
    const last = oldest.records.at(-1)
    if (last === undefined) return [{ ...oldest, bytes: 0 }]
    return tooOld ? [{ baseOffset: last.offset + 1, bytes: 0, records: [], active: true }] : segments
  }
  const bytesBehind = behind.reduce((sum, segment) => sum + segment.bytes, 0)
  const tooMuch = policy.retentionBytes !== -1 && bytesBehind >= policy.retentionBytes
  return tooOld || tooMuch ? retain(behind, policy, now) : segments
}

/** Every segment stays in its place here, even one that is left without records. */
export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const newest = new Map<string, number>()
  for (const { active, records } of segments) {
    if (active) continue
    for (const { key, offset } of records) {
      if (key !== null) newest.set(key, Math.max(offset, newest.get(key) ?? -1))
    }
  }

  function* cleaned(records: LogRecord[]): Generator<LogRecord, void, undefined> {
    for (const record of records) {
      if (record.key === null || newest.get(record.key) !== record.offset) continue
      if (record.value !== null) yield record
      else if (record.deleteHorizon === undefined)
        yield { ...record, deleteHorizon: now + policy.deleteRetentionMs }
      else if (now < record.deleteHorizon) yield record
    }
  }

  return segments.map((segment) =>
    segment.active ? segment : { ...segment, records: [...cleaned(segment.records)] },
  )
}
