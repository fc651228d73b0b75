// Classes: a log that knows its segments, and a cleaner that first builds its map of offsets, as Kafka's does.

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

class Log {
  private readonly segments: Segment[]

  constructor(segments: Segment[]) {
    this.segments = segments
  }

  get endOffset(): number {
    const active = this.segments[this.segments.length - 1]
    if (active === undefined) return 0
    const last = active.records[active.records.length - 1]
    return last === undefined ? active.baseOffset : last.offset + 1
  }

  after(count: number): Segment[] {
    if (count < this.segments.length) return this.segments.slice(count)
    return [{ baseOffset: this.endOffset, bytes: 0, records: [], active: true }]
  }

  deletable({ retentionMs, retentionBytes }: Policy, now: number): number {
    let size = this.segments.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const [count, { bytes, records, active }] of this.segments.entries()) {
      if (active && records.length === 0) return count
      size -= bytes
      const bySize = retentionBytes >= 0 && size >= retentionBytes
      const [newest = now] = records.map((record) => record.timestamp).sort((a, b) => b - a)
      const byTime = retentionMs >= 0 && now > newest + retentionMs
      if (!bySize && !byTime) return count
    }
    return this.segments.length
  }
}

export function retain(segments: Segment[], policy: Policy, now: number): Segment[] {
  const log = new Log(segments)
  return log.after(log.deletable(policy, now))
}

class Cleaner {
  private readonly offsets = new Map<string, number>()
  private readonly horizon: number
  private readonly now: number

  constructor({ deleteRetentionMs }: CompactPolicy, now: number) {
    this.now = now
    this.horizon = now + deleteRetentionMs
  }

  learn({ key, offset }: LogRecord): void {
    if (key !== null) this.offsets.set(key, Math.max(offset, this.offsets.get(key) ?? 0))
  }

  keeps({ key, offset, value, deleteHorizon }: LogRecord): boolean {
    if (key === null || offset < (this.offsets.get(key) ?? 0)) return false
    return value !== null || deleteHorizon === undefined || deleteHorizon > this.now
  }

  mark(record: LogRecord): LogRecord {
    if (record.value !== null || record.deleteHorizon !== undefined) return record
    return { ...record, deleteHorizon: this.horizon }
  }
}

export function compact(segments: Segment[], policy: CompactPolicy, now: number): Segment[] {
  const cleaner = new Cleaner(policy, now)
  const closed = segments.filter(({ active }) => !active)
  for (const { records } of closed) for (const record of records) cleaner.learn(record)
  return segments.map((segment) => {
    if (segment.active) return segment
    const kept = segment.records.filter((record) => cleaner.keeps(record))
    return { ...segment, records: kept.map((record) => cleaner.mark(record)) }
  })
}
