// As the broker does it: first the rule of the size, then that of the time; a cleaning merges the closed segments into one.

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

type Rule = (oldest: Segment, others: Segment[]) => boolean

const dropWhile = (segments: Segment[], rule: Rule): Segment[] => {
  const [oldest, ...others] = segments
  return oldest && rule(oldest, others) ? dropWhile(others, rule) : segments
}

export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  const { retentionMs, retentionBytes } = policy
  const bySize: Rule = (_, others) =>
    retentionBytes !== -1 && others.reduce((sum, { bytes }) => sum + bytes, 0) >= retentionBytes
  const byTime: Rule = ({ records }) =>
    retentionMs !== -1 &&
    records.length > 0 &&
    records.every(({ timestamp }) => now - timestamp > retentionMs)
  const kept = dropWhile(dropWhile(segments, bySize), byTime)
  if (kept.length > 0) return kept
  const end = Math.max(...segments.flatMap(({ records }) => records.map(({ offset }) => offset + 1)))
  return [{ active: true, records: [], bytes: 0, baseOffset: end }]
}

export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const closed = segments.filter((segment) => !segment.active)
  const records = closed.flatMap((segment) => segment.records)
  const isLatest = ({ key, offset }: LogRecord) =>
    key !== null && !records.some((other) => other.key === key && other.offset > offset)
  const kept = records
    .filter(isLatest)
    .filter(({ value, deleteHorizon = Number.POSITIVE_INFINITY }) => value !== null || now < deleteHorizon)
    .map((record) =>
      record.value === null ? { deleteHorizon: now + policy.deleteRetentionMs, ...record } : record,
    )
  const bytes = closed.reduce((sum, segment) => sum + segment.bytes, 0)
  const merged = { baseOffset: closed[0]?.baseOffset ?? 0, bytes, records: kept, active: false }
  return [...(closed.length > 0 ? [merged] : []), ...segments.filter((segment) => segment.active)]
}
