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
  // What any group has read is not asked: a log keeps no record for its readers, and takes none from them.
  const firstKept = segments.findIndex((segment, at) => {
    const behind = segments.slice(at + 1).reduce((sum, { bytes }) => sum + bytes, 0)
    return !isTooOld(segment, policy, now) && !isTooMuch(behind, policy)
  })
  // From the first that stays on everything stays, or the log would have a hole.
  return firstKept === -1 ? [rolled(segments)] : segments.slice(firstKept)
}

/** The file goes as a whole, so its youngest record decides. An empty segment has none, and stays. */
function isTooOld({ records }: Segment, { retentionMs }: Policy, now: number): boolean {
  if (retentionMs === -1 || records.length === 0) return false
  return now - Math.max(...records.map(({ timestamp }) => timestamp)) > retentionMs
}

/** `bytesBehind` is what would be left: the limit is the least that a partition keeps, not the most. */
function isTooMuch(bytesBehind: number, { retentionBytes }: Policy): boolean {
  return retentionBytes !== -1 && bytesBehind >= retentionBytes
}

/** The new active segment of a log that has lost all of its records: offsets go on, they never start again. */
function rolled(segments: Segment[]): Segment {
  const last = segments.at(-1)?.records.at(-1)
  return { baseOffset: last ? last.offset + 1 : 0, bytes: 0, records: [], active: true }
}

export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  // The active segment is still being written: it is not cleaned, and does not count when the last records are looked up.
  const lastOffsets = new Map(
    segments
      .filter(({ active }) => !active)
      .flatMap(({ records }) => records.map(({ key, offset }) => [key, offset] as const)),
  )
  const clean = (record: LogRecord): LogRecord[] => {
    const { key, value, offset, deleteHorizon = now + policy.deleteRetentionMs } = record
    // A record without a key is the last one of nothing.
    if (key === null || lastOffsets.get(key) !== offset) return []
    if (value !== null) return [record]
    // The first cleaning starts the clock, so that every reader has the time to hear that the key is gone.
    const mayGo = record.deleteHorizon !== undefined && record.deleteHorizon <= now
    return mayGo ? [] : [{ ...record, deleteHorizon }]
  }
  return segments.map((segment) =>
    segment.active ? segment : { ...segment, records: segment.records.flatMap(clean) },
  )
}
