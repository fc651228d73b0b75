import { clean } from './cleaner.ts'
import type { ProducerState } from './producer-state.ts'
import type { Segment } from './segment.ts'
import type { Segments } from './segments.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** What compaction knows of its log, once and for all. */
interface CompactedLog {
  segments: Segments
  producers: ProducerState
  configs: TopicConfigs
}

/** What it has to be told each time. */
export interface LogMoment {
  nowMs: number
  startOffset: bigint
  lastStableOffset: bigint
}

/** Which part of a log a cleaning would look at, all in offsets at which segments begin. */
interface DirtyRange {
  firstDirtyOffset: bigint
  end: bigint
}

/** When and how far a log is compacted (Kafka's LogCleanerManager and LogToClean, for one log). */
export class Compaction {
  readonly #log: CompactedLog
  #cleanedUpTo = 0n

  constructor(log: CompactedLog) {
    this.#log = log
  }

  /** Cleans the log if enough of it is dirty, or if something has been dirty for too long. */
  runIfDue(moment: LogMoment): void {
    const range = this.#dirtyRange(moment)
    const dirtyBytes = bytesOf(this.#dirty(range))
    if (dirtyBytes === 0) return
    const cleanBytes = bytesOf(this.#log.segments.between(0n, range.firstDirtyOffset))
    const isDirty =
      dirtyBytes / (cleanBytes + dirtyBytes) > this.#log.configs.number('min.cleanable.dirty.ratio')
    if (isDirty || this.#isOverdue(range, moment.nowMs)) this.#run(range, moment.nowMs)
  }

  /** Cleans what may be cleaned, however little it is. */
  run(moment: LogMoment): void {
    const range = this.#dirtyRange(moment)
    if (bytesOf(this.#dirty(range)) > 0) this.#run(range, moment.nowMs)
  }

  #run(range: DirtyRange, nowMs: number): void {
    const { configs, ...log } = this.#log
    clean({
      ...log,
      ...range,
      nowMs,
      maxSegmentBytes: configs.number('segment.bytes'),
      deleteRetentionMs: configs.number('delete.retention.ms'),
    })
    this.#cleanedUpTo = range.end
  }

  #dirty({ firstDirtyOffset, end }: DirtyRange): readonly Segment[] {
    return this.#log.segments.between(firstDirtyOffset, end)
  }

  /**
   * From where the last cleaning ended up to the active segment, an open transaction, or what is younger than
   * `min.compaction.lag.ms`, whichever comes first (LogCleanerManager.cleanableOffsets).
   */
  #dirtyRange({ nowMs, startOffset, lastStableOffset }: LogMoment): DirtyRange {
    const { segments, configs } = this.#log
    const firstDirtyOffset = this.#cleanedUpTo < startOffset ? startOffset : this.#cleanedUpTo
    const lagMs = configs.number('min.compaction.lag.ms')
    const closed = segments.closedFrom(firstDirtyOffset)
    const isUncleanable = ({ largestTimestamp }: Segment, next: Segment | undefined) =>
      (lagMs > 0 && Number(largestTimestamp) > nowMs - lagMs) ||
      lastStableOffset < (next ?? segments.active).baseOffset
    const uncleanable = closed.find((segment, index) => isUncleanable(segment, closed[index + 1]))
    const end = (uncleanable ?? segments.active).baseOffset
    return { firstDirtyOffset, end: end < firstDirtyOffset ? firstDirtyOffset : end }
  }

  /** Whether a dirty segment is older than `max.compaction.lag.ms` (LogCleanerManager.maxCompactionDelay, KIP-354). */
  #isOverdue({ firstDirtyOffset }: DirtyRange, nowMs: number): boolean {
    const { segments, configs } = this.#log
    const cleanUntil = nowMs - configs.number('max.compaction.lag.ms')
    return segments
      .closedFrom(firstDirtyOffset)
      .some(({ firstTimestamp = 0n }) => firstTimestamp > 0n && Number(firstTimestamp) < cleanUntil)
  }
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { size }) => sum + size, 0)
}
