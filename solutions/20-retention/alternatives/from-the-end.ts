// Another right way: sums up the bytes and meets the records from the end of the log, and merges what was cleaned.

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

/** What the broker knows of a segment before it decides anything. */
interface Fact {
  newest: number
  bytesBehind: number
}

/** From the active segment backwards, so that each sum is the one before it plus one segment. */
function facts(segments: Segment[]): Fact[] {
  return segments.reduceRight<{ bytes: number; list: Fact[] }>(
    ({ bytes, list }, segment) => ({
      bytes: bytes + segment.bytes,
      list: [
        {
          newest: segment.records.reduce((max, r) => Math.max(max, r.timestamp), -Infinity),
          bytesBehind: bytes,
        },
        ...list,
      ],
    }),
    { bytes: 0, list: [] },
  ).list
}

export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  // no limit is a limit that nothing reaches
  const eldest = policy.retentionMs === -1 ? -Infinity : now - policy.retentionMs
  const most = policy.retentionBytes === -1 ? Infinity : policy.retentionBytes
  const first = facts(segments).findIndex(({ newest, bytesBehind }) => newest >= eldest && bytesBehind < most)
  // an empty active segment counts as "too old" unless there is no limit of time; both ways nothing is left but a fresh one
  const kept = first === -1 ? [] : segments.slice(first)
  if (kept.some((segment) => segment.records.length > 0)) return kept
  const active = segments.at(-1)
  if (active === undefined) return []
  const next = (active.records.at(-1)?.offset ?? active.baseOffset - 1) + 1
  return [{ baseOffset: next, bytes: 0, records: [], active: true }]
}

/** All closed segments are merged into one. It is built from its end: the first record of a key that is met is the last. */
export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const closed = segments.filter((segment) => !segment.active)
  const seen = new Set<string>()
  const kept: LogRecord[] = []
  for (const record of closed.flatMap((segment) => segment.records).reverse()) {
    const { key, value, deleteHorizon } = record
    if (key === null || seen.has(key)) continue
    seen.add(key)
    if (value === null && deleteHorizon !== undefined && deleteHorizon <= now) continue
    const met = value === null && deleteHorizon === undefined
    kept.unshift(met ? { ...record, deleteHorizon: now + policy.deleteRetentionMs } : record)
  }

  const merged: Segment = {
    baseOffset: closed[0]?.baseOffset ?? 0,
    bytes: closed.reduce((sum, segment) => sum + segment.bytes, 0),
    records: kept,
    active: false,
  }
  return [...(kept.length > 0 ? [merged] : []), ...segments.filter((segment) => segment.active)]
}
