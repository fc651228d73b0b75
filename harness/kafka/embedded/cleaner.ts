import { UnsupportedCompressionError } from '../protocol/compression.ts'
import {
  type BatchHeader,
  readBatchHeader,
  readRecords,
  type StoredRecord,
} from '../protocol/record-batch.ts'
import { deleteHorizonOf, emptiedBatch, retainedBatch } from '../protocol/retained-batch.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import type { ProducerState } from './producer-state.ts'
import { Segment, type StoredBatch } from './segment.ts'
import type { Segments } from './segments.ts'

/** One cleaning of one log: offsets are those of LogToClean, times are milliseconds. */
export interface Cleaning {
  segments: Segments
  producers: ProducerState
  /** What was cleaned before ends here. */
  firstDirtyOffset: bigint
  /** Where a segment begins that may not be cleaned yet. */
  end: bigint
  maxSegmentBytes: number
  deleteRetentionMs: number
  nowMs: number
}

/**
 * Compacts the segments before `end`: of each key that the dirty ones have, only the last record stays (Kafka's Cleaner). Small
 * segments grow together. Offsets never change. Cost grows with the bytes before `end`.
 */
export function clean(cleaning: Cleaning): void {
  const { segments, producers, end, maxSegmentBytes } = cleaning
  const lastOffsets = lastOffsetsOfKeys(cleaning)
  const transactions = new CleanedTransactions(producers.abortedBefore(end))
  for (const group of groupsOf(segments.between(0n, end), maxSegmentBytes)) {
    segments.replace(group, cleanGroup(group, { ...cleaning, lastOffsets, transactions }))
  }
  producers.cleaned(end, transactions.kept)
}

/** The last offset of each key in the dirty segments, without records that were aborted (Cleaner.buildOffsetMap). */
function lastOffsetsOfKeys({ segments, producers, firstDirtyOffset, end }: Cleaning): Map<string, bigint> {
  const offsets = new Map<string, bigint>()
  // A transaction whose marker is not among these batches would never end here.
  const aborted = producers.abortedBefore(end).filter(({ lastOffset }) => lastOffset >= firstDirtyOffset)
  const transactions = new CleanedTransactions(aborted)
  for (const { batches } of segments.between(firstDirtyOffset, end)) {
    for (const batch of batches) {
      const header = readBatchHeader(batch.bytes)
      if (transactions.isWorthless(header, batch) || header.control) continue
      for (const { key, offset } of recordsOf(batch) ?? []) {
        if (key !== null && offset >= firstDirtyOffset) offsets.set(mapKey(key), offset)
      }
    }
  }
  return offsets
}

/** Every byte as one character, so that different keys stay different. */
function mapKey(key: Buffer): string {
  return key.toString('latin1')
}

/** The records; null when they are packed in a way that Node cannot unpack: such a batch stays as it is. */
function recordsOf({ bytes }: StoredBatch): StoredRecord[] | null {
  try {
    return readRecords(bytes)
  } catch (error) {
    if (error instanceof UnsupportedCompressionError) return null
    throw error
  }
}

/** Runs of neighbours that fit into one segment (Cleaner.groupSegmentsBySize). */
function groupsOf(segments: readonly Segment[], maxBytes: number): Segment[][] {
  const groups: Segment[][] = []
  let bytes = 0
  for (const segment of segments) {
    bytes += segment.size
    const group = groups.at(-1)
    if (group && bytes <= maxBytes) {
      group.push(segment)
    } else {
      groups.push([segment])
      bytes = segment.size
    }
  }
  return groups
}

interface GroupCleaning extends Cleaning {
  lastOffsets: ReadonlyMap<string, bigint>
  transactions: CleanedTransactions
}

function cleanGroup(group: readonly Segment[], cleaning: GroupCleaning): Segment {
  const cleaned = new Segment((group[0] as Segment).baseOffset, cleaning.nowMs)
  for (const { batches, modifiedMs } of group) {
    for (const batch of batches) {
      const bytes = cleanBatch(batch, cleaning)
      if (bytes)
        cleaned.append(bytes, { ...batch, maxTimestamp: readBatchHeader(bytes).maxTimestamp }, modifiedMs)
    }
    cleaned.modifiedMs = modifiedMs
  }
  return cleaned
}

/** What is left of a batch; null when nothing is (MemoryRecords.filterTo). */
function cleanBatch(batch: StoredBatch, cleaning: GroupCleaning): Buffer | null {
  const { transactions, producers, deleteRetentionMs, nowMs } = cleaning
  const header = readBatchHeader(batch.bytes)
  const isWorthless = transactions.isWorthless(header, batch)
  const horizon = deleteHorizonOf(batch.bytes)
  // A marker waits as tombstones do, so that a slow reader of the aborted records still comes across it.
  const isDiscarded = isWorthless && (!header.control || isPast(horizon, nowMs))
  const mustStay =
    producers.isLastOfProducer(header, batch.lastOffset) || batch.lastOffset + 1n === cleaning.end
  if (isDiscarded && !mustStay) return null

  const records = recordsOf(batch)
  if (!isDiscarded && records === null) return batch.bytes
  const retained = isDiscarded ? [] : retainedRecords(records ?? [], header, horizon, cleaning)
  if (retained.length === 0) return mustStay ? emptiedBatch(batch.bytes) : null
  const hasTombstones = retained.some(({ value }) => value === null)
  const needsHorizon = horizon === null && (hasTombstones || (isWorthless && header.control))
  if (retained.length === records?.length && !needsHorizon) return batch.bytes
  const newHorizon = needsHorizon ? BigInt(nowMs + deleteRetentionMs) : horizon
  return retainedBatch(batch.bytes, retained, newHorizon)
}

function isPast(horizon: bigint | null, nowMs: number): boolean {
  return horizon !== null && horizon <= BigInt(nowMs)
}

/** The records that stay: the last of their key, tombstones only until their time has come (Cleaner.shouldRetainRecord). */
function retainedRecords(
  records: readonly StoredRecord[],
  { control }: BatchHeader,
  horizon: bigint | null,
  { lastOffsets, nowMs, end }: GroupCleaning,
): readonly StoredRecord[] {
  if (control) return records
  const keepsTombstones = !isPast(horizon, nowMs)
  return records.filter(({ key, value, offset }) => {
    if (offset >= end) return true
    if (key === null) return false
    const isLast = offset >= (lastOffsets.get(mapKey(key)) ?? -1n)
    return isLast && (value !== null || keepsTombstones)
  })
}
