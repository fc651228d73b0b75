import type { Segment } from './segment.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** What retention looks at. */
export interface RetainedLog {
  segments: readonly Segment[]
  startOffset: bigint
  highWatermark: bigint
  endOffset: bigint
}

/** Whether a segment has to go; asked for the oldest first, until one stays. */
type Breach = (segment: Segment, next: Segment | undefined) => boolean

/** A reason to delete old segments, as it stands at `nowMs`. */
type RetentionRule = (log: RetainedLog, configs: TopicConfigs, nowMs: number) => Breach

/** Everything in it lies before the start of the log, where DeleteRecords has put it. */
const startOffsetBreached: RetentionRule =
  ({ startOffset }) =>
  (_, next) =>
    next !== undefined && next.baseOffset <= startOffset

/** The log is at least `retention.bytes` long without it; so more than that may stay. */
const sizeBreached: RetentionRule = ({ segments }, configs) => {
  const limit = configs.number('retention.bytes')
  if (limit < 0) return () => false
  let surplus = segments.reduce((sum, { size }) => sum + size, 0) - limit
  return ({ size }) => {
    if (surplus < size) return false
    surplus -= size
    return true
  }
}

/** Its latest record is older than `retention.ms`. */
const timeBreached: RetentionRule = (_, configs, nowMs) => {
  const limit = configs.number('retention.ms')
  return ({ largestTimestamp }) => limit >= 0 && nowMs - Number(largestTimestamp) > limit
}

/** What takes segments away, one rule after the other (UnifiedLog.deleteOldSegments). Without `delete` only the first. */
export function retentionRules(configs: TopicConfigs): readonly RetentionRule[] {
  return configs.hasCleanupPolicy('delete')
    ? [startOffsetBreached, sizeBreached, timeBreached]
    : [startOffsetBreached]
}

/**
 * How many of the oldest segments breach a rule. Not those with records that consumers cannot see yet, and not an active
 * segment that is empty; one with records may go, too (UnifiedLog.deletableSegments).
 */
export function countBreaching(
  { segments, highWatermark, endOffset }: RetainedLog,
  breaches: Breach,
): number {
  let count = 0
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]
    const end = next?.baseOffset ?? endOffset
    if ((!next && segment.size === 0) || highWatermark < end || !breaches(segment, next)) break
    count += 1
  }
  return count
}
