import { firstIndex } from './first-index.ts'
import type { AppendedBatch } from './producers.ts'

/** One batch as it lies in the log. */
export interface StoredBatch extends AppendedBatch {
  bytes: Buffer
  /** Of this batch and all before it in its segment, so that a search by time may jump. */
  largestTimestamp: bigint
  /** Whether Kafka's sparse offset index would have an entry for it. */
  isIndexed: boolean
}

/** So many bytes at least lie between two entries of Kafka's offset index (index.interval.bytes). */
const INDEX_INTERVAL_BYTES = 4096

/** What one append would add to a segment, and the limits that decide whether it still may (RollParams). */
export interface RollParams {
  bytes: number
  maxTimestamp: bigint
  nowMs: number
  maxSegmentBytes: number
  maxSegmentMs: number
}

/**
 * A run of batches that is deleted as a whole, and compacted only once it is closed (Kafka's LogSegment, a file there).
 * Times are milliseconds since 1970.
 */
export class Segment {
  readonly baseOffset: bigint
  /** Bytes, those too that DeleteRecords has taken out: Kafka's file keeps them until it is deleted as a whole. */
  size = 0
  /** Bytes of the batches that are there. */
  heldBytes = 0
  /** The last change; Kafka takes it for the time of a segment whose records have none. */
  modifiedMs: number
  /** The latest time of the first batch; undefined while there is none. */
  firstTimestamp: bigint | undefined
  #batches: StoredBatch[] = []
  readonly #createdMs: number
  #largestTimestamp = -1n
  #bytesSinceIndexed = 0

  constructor(baseOffset: bigint, nowMs: number) {
    this.baseOffset = baseOffset
    this.#createdMs = nowMs
    this.modifiedMs = nowMs
  }

  get batches(): readonly StoredBatch[] {
    return this.#batches
  }

  /** The latest time of its records, or that of the last change where they have none (LogSegment.largestTimestamp). */
  get largestTimestamp(): bigint {
    return this.#largestTimestamp >= 0n ? this.#largestTimestamp : BigInt(this.modifiedMs)
  }

  append(bytes: Buffer, { baseOffset, lastOffset, maxTimestamp }: AppendedBatch, nowMs: number): void {
    if (maxTimestamp > this.#largestTimestamp) this.#largestTimestamp = maxTimestamp
    this.firstTimestamp ??= maxTimestamp
    this.#batches.push({
      bytes,
      baseOffset,
      lastOffset,
      maxTimestamp,
      largestTimestamp: this.#largestTimestamp,
      isIndexed: this.#isNextIndexed(bytes.length),
    })
    this.size += bytes.length
    this.heldBytes += bytes.length
    this.modifiedMs = nowMs
  }

  #isNextIndexed(bytes: number): boolean {
    const isIndexed = this.#bytesSinceIndexed > INDEX_INTERVAL_BYTES
    this.#bytesSinceIndexed = isIndexed ? bytes : this.#bytesSinceIndexed + bytes
    return isIndexed
  }

  /**
   * Whether the next append has to go to a new segment (LogSegment.shouldRoll). Age is counted in the times of the records,
   * and by the clock only where they have none.
   */
  shouldRoll({ bytes, maxTimestamp, nowMs, maxSegmentBytes, maxSegmentMs }: RollParams): boolean {
    if (this.size > maxSegmentBytes - bytes) return true
    const first = this.firstTimestamp ?? -1n
    const ageMs = first >= 0n ? Number(maxTimestamp - first) : nowMs - this.#createdMs
    return this.size > 0 && ageMs > maxSegmentMs
  }

  /** The index of the first batch that ends at `offset` or later. */
  indexOf(offset: bigint): number {
    return firstIndex(this.#batches, ({ lastOffset }) => lastOffset >= offset)
  }

  /** Frees the batches that lie wholly before `offset`. */
  freeBefore(offset: bigint): void {
    const count = this.indexOf(offset)
    for (const { bytes } of this.#batches.splice(0, count)) this.heldBytes -= bytes.length
  }
}
