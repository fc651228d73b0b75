import { UnsupportedCompressionError } from '../protocol/compression.ts'
import { readBatchHeader, readRecords } from '../protocol/record-batch.ts'
import { firstIndex } from './first-index.ts'
import type { Segment, StoredBatch } from './segment.ts'

/** A record that was searched for. */
export interface FoundOffset {
  offset: bigint
  /** Milliseconds since 1970; -1 when it was not searched by time. */
  timestamp: bigint
  /** Of the leader that wrote it; -1 when that is not known. */
  leaderEpoch: number
}

/**
 * The first record at `timestamp` or later, and not before `startOffset`; undefined when there is none. Kafka looks into
 * the first segment that is late enough and into no other (UnifiedLog.searchOffsetInLocalLog).
 */
export function findByTimestamp(
  segments: readonly Segment[],
  timestamp: bigint,
  startOffset: bigint,
): FoundOffset | undefined {
  const segment = segments.find((one) => one.largestTimestamp >= timestamp)
  if (!segment) return undefined
  const { batches } = segment
  const start = firstIndex(batches, (one) => one.largestTimestamp >= timestamp)
  for (let index = start; index < batches.length; index++) {
    const batch = batches[index] as StoredBatch
    const found = batch.maxTimestamp >= timestamp ? findInBatch(batch, timestamp, startOffset) : undefined
    if (found) return found
  }
  return undefined
}

/** The first record with the latest time of all (KIP-734); undefined when no record has a time. */
export function findLatest(segments: readonly Segment[], startOffset: bigint): FoundOffset | undefined {
  let latest = -1n
  for (const { batches } of segments) {
    for (const { maxTimestamp } of batches) if (maxTimestamp > latest) latest = maxTimestamp
  }
  return latest < 0n ? undefined : findByTimestamp(segments, latest, startOffset)
}

function findInBatch({ bytes, baseOffset, maxTimestamp }: StoredBatch, from: bigint, startOffset: bigint) {
  const { partitionLeaderEpoch: leaderEpoch } = readBatchHeader(bytes)
  try {
    const records = readRecords(bytes)
    const found = records.find(({ timestamp, offset }) => timestamp >= from && offset >= startOffset)
    return found && { offset: found.offset, timestamp: found.timestamp, leaderEpoch }
  } catch (error) {
    if (!(error instanceof UnsupportedCompressionError)) throw error
    return { offset: baseOffset, timestamp: maxTimestamp, leaderEpoch }
  }
}
