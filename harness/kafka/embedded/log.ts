import { writeMarker } from '../protocol/control-batch.ts'
import {
  type BatchHeader,
  placeBatch,
  readBatchHeader,
  readRecords,
  stampBatch,
  UnsupportedCompressionError,
} from '../protocol/record-batch.ts'
import { type CheckedBatch, checkBatch } from './batch-rules.ts'
import type { Clock } from './clock.ts'
import { firstIndex } from './first-index.ts'
import type { LogSpace } from './limits.ts'
import type { AbortedTransaction } from './log-transactions.ts'
import { type NewMarker, ProducerState } from './producer-state.ts'
import type { AppendedBatch } from './producers.ts'
import { Refusal } from './refusal.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** One batch as a producer sent it; only its first offset and its latest time may be rewritten. */
interface StoredBatch extends AppendedBatch {
  bytes: Buffer
  /** Of this batch and all before it, so that a search by time may jump. */
  largestTimestamp: bigint
  /** Whether Kafka's sparse offset index would have an entry for it. */
  isIndexed: boolean
}

/** So many bytes at least lie between two entries of Kafka's offset index (index.interval.bytes). */
const INDEX_INTERVAL_BYTES = 4096

export interface Appended {
  baseOffset: bigint
  /** Milliseconds since 1970; -1 when the records keep the producer's time. */
  logAppendTimeMs: bigint
}

export interface ReadLimits {
  /** No batch from this offset on: the high watermark, or the last stable offset. */
  end: bigint
  maxBytes: number
  wholeFirst: boolean
}

export interface FoundOffset {
  offset: bigint
  timestamp: bigint
}

/** The records of one partition, in the batches in which they came. Offsets are never given twice. */
export class Log {
  readonly #name: string
  readonly #configs: TopicConfigs
  readonly #clock: Clock
  readonly #space: LogSpace
  readonly #producers = new ProducerState()
  readonly #watchers = new Set<() => void>()
  /** The epoch of the leader that appends; each batch carries its own (KIP-101). */
  leaderEpoch = 0
  #batches: StoredBatch[] = []
  #startOffset = 0n
  #endOffset = 0n
  #heldHighWatermark: bigint | null = null
  #largestTimestamp = -1n
  #bytesSinceIndexed = 0

  constructor(name: string, configs: TopicConfigs, clock: Clock, space: LogSpace) {
    this.#name = name
    this.#configs = configs
    this.#clock = clock
    this.#space = space
  }

  /** The first offset that can be read. */
  get startOffset(): bigint {
    return this.#startOffset
  }

  /** The offset that the next record will get. */
  get endOffset(): bigint {
    return this.#endOffset
  }

  /** Consumers see records before this offset: all of them, unless it is held. */
  get highWatermark(): bigint {
    return this.#heldHighWatermark ?? this.#endOffset
  }

  /** The high watermark stands still while too few replicas are in sync (Partition.maybeIncrementLeaderHW). */
  holdHighWatermark(isHeld: boolean): void {
    this.#heldHighWatermark = isHeld ? this.highWatermark : null
    this.wakeWatchers()
  }

  /**
   * `read_committed` consumers see records before this offset: up to the oldest open transaction, and never beyond the high
   * watermark. It never lies before the start of the log, though the transaction may
   * (UnifiedLog.maybeIncrementFirstUnstableOffset).
   */
  get lastStableOffset(): bigint {
    const { highWatermark } = this
    const firstOpen = this.#producers.firstOpenOffset ?? highWatermark
    const open = firstOpen < this.#startOffset ? this.#startOffset : firstOpen
    return open < highWatermark ? open : highWatermark
  }

  /** Whether the coordinator has to be asked before this transactional batch is appended (see ProducerState). */
  needsVerification(header: BatchHeader): boolean {
    return this.#producers.needsVerification(header)
  }

  /**
   * Appends one batch of a client (see checkOneBatch). A batch that an idempotent producer sends again is not stored
   * again: the answer is that of the first time. Throws Refusal.
   */
  append(batch: Buffer): Appended {
    const nowMs = this.#clock.now()
    const checked = checkBatch(batch, { partition: this.#name, configs: this.#configs, nowMs })
    const { header } = checked
    const isIdempotent = header.producerId >= 0n
    if (isIdempotent) {
      const duplicate = this.#producers.duplicateOf(header)
      // Kafka gives the time of the batch here whatever the topic's kind of timestamp (UnifiedLog.append).
      if (duplicate) return { baseOffset: duplicate.baseOffset, logAppendTimeMs: duplicate.maxTimestamp }
      this.#producers.check(header)
    }
    this.#space.checkRoomFor(batch.length)
    const isStamped = this.#isStamping
    const stored = isStamped
      ? this.#store(batch, { header, maxTimestamp: BigInt(nowMs) }, 'LogAppendTime')
      : this.#store(batch, checked, 'CreateTime')
    if (isIdempotent) this.#producers.remember(header, stored)
    this.wakeWatchers()
    return { baseOffset: stored.baseOffset, logAppendTimeMs: isStamped ? stored.maxTimestamp : -1n }
  }

  /** Ends a transaction in this partition; the marker takes one offset, whether or not there are records of it here. */
  appendMarker(ending: NewMarker): void {
    const timestamp = BigInt(this.#clock.now())
    // In Kafka the epoch of the coordinator goes up when it moves to another node; no client looks at it.
    const batch = writeMarker({ ...ending, coordinatorEpoch: 0, timestamp })
    const timestampType = this.#isStamping ? 'LogAppendTime' : 'CreateTime'
    const checked = { header: readBatchHeader(batch), maxTimestamp: timestamp }
    const { baseOffset } = this.#store(batch, checked, timestampType)
    this.#producers.rememberMarker(ending, baseOffset)
    this.wakeWatchers()
  }

  get #isStamping(): boolean {
    return this.#configs.get('message.timestamp.type') === 'LogAppendTime'
  }

  #store(
    batch: Buffer,
    { header, maxTimestamp }: CheckedBatch,
    timestampType: BatchHeader['timestampType'],
  ): StoredBatch {
    // A copy: the batch is a view into a whole request, and it is about to be changed.
    const bytes = Buffer.from(batch)
    const baseOffset = this.#endOffset
    placeBatch(bytes, baseOffset, this.leaderEpoch)
    if (maxTimestamp !== header.maxTimestamp || timestampType !== header.timestampType) {
      stampBatch(bytes, timestampType, maxTimestamp)
    }
    if (maxTimestamp > this.#largestTimestamp) this.#largestTimestamp = maxTimestamp
    const stored: StoredBatch = {
      bytes,
      baseOffset,
      lastOffset: baseOffset + BigInt(header.lastOffsetDelta),
      maxTimestamp,
      largestTimestamp: this.#largestTimestamp,
      isIndexed: this.#isNextIndexed(bytes.length),
    }
    this.#batches.push(stored)
    this.#space.take(bytes.length)
    this.#endOffset = stored.lastOffset + 1n
    return stored
  }

  #isNextIndexed(bytes: number): boolean {
    const isIndexed = this.#bytesSinceIndexed > INDEX_INTERVAL_BYTES
    this.#bytesSinceIndexed = isIndexed ? bytes : this.#bytesSinceIndexed + bytes
    return isIndexed
  }

  /**
   * The batches from the one with `offset` on, which may start before it, up to `end`, as long as they fit into `maxBytes`.
   * The first one comes whatever its size when `wholeFirst` is set, so that a consumer never gets stuck (KIP-74). Throws
   * Refusal for an offset outside of the log.
   */
  read(offset: bigint, { end, maxBytes, wholeFirst }: ReadLimits): Buffer[] {
    if (offset < this.#startOffset || offset > this.#endOffset) throw new Refusal('OFFSET_OUT_OF_RANGE')
    const found: Buffer[] = []
    let left = maxBytes
    for (let index = this.#indexOf(offset); index < this.#batches.length; index++) {
      const { bytes, baseOffset } = this.#batches[index] as StoredBatch
      const comesAnyway = wholeFirst && found.length === 0
      if (baseOffset >= end || (bytes.length > left && !comesAnyway)) break
      found.push(bytes)
      left -= bytes.length
    }
    return found
  }

  /**
   * The aborted transactions that a reader of `count` batches from `offset` on has to know. Some may begin behind these
   * batches: Kafka looks as far as the next entry of its offset index (LogSegment.fetchUpperBoundOffset). Clients wait
   * for the first offset of each.
   */
  abortedTransactions(offset: bigint, count: number): AbortedTransaction[] {
    if (count === 0) return []
    let next = this.#indexOf(offset) + count
    while (next < this.#batches.length && !this.#batches[next]?.isIndexed) next++
    return this.#producers.abortedIn(offset, this.#batches[next]?.lastOffset ?? this.#endOffset)
  }

  /** The first record at `timestamp` or later; undefined when there is none. */
  findByTimestamp(timestamp: bigint): FoundOffset | undefined {
    const start = firstIndex(this.#batches, (one) => one.largestTimestamp >= timestamp)
    for (let index = start; index < this.#batches.length; index++) {
      const batch = this.#batches[index] as StoredBatch
      const found = batch.maxTimestamp >= timestamp ? this.#findInBatch(batch, timestamp) : undefined
      if (found) return found
    }
    return undefined
  }

  /** The first record with the latest time of all (KIP-734); undefined when no record has a time. */
  findLatest(): FoundOffset | undefined {
    const latest = this.#batches.reduce(
      (time, one) => (one.maxTimestamp > time ? one.maxTimestamp : time),
      -1n,
    )
    return latest < 0n ? undefined : this.findByTimestamp(latest)
  }

  #findInBatch(batch: StoredBatch, timestamp: bigint): FoundOffset | undefined {
    try {
      return readRecords(batch.bytes).find(
        (record) => record.timestamp >= timestamp && record.offset >= this.#startOffset,
      )
    } catch (error) {
      if (!(error instanceof UnsupportedCompressionError)) throw error
      return { offset: batch.baseOffset, timestamp: batch.maxTimestamp }
    }
  }

  /** The index of the first batch that ends at `offset` or later. */
  #indexOf(offset: bigint): number {
    return firstIndex(this.#batches, (one) => one.lastOffset >= offset)
  }

  /** Moves the start of the log forward, never back (DeleteRecords). Throws Refusal beyond the high watermark. */
  deleteRecordsBefore(offset: bigint): void {
    if (offset < 0n || offset > this.highWatermark) throw new Refusal('OFFSET_OUT_OF_RANGE')
    if (offset <= this.#startOffset) return
    this.#startOffset = offset
    this.#forgetBatches(this.#indexOf(offset))
    this.#producers.forgetBefore(offset)
    this.wakeWatchers()
  }

  #forgetBatches(count: number): void {
    for (const { bytes } of this.#batches.splice(0, count)) this.#space.release(bytes.length)
  }

  /** The end of the log, with its topic: gives back its room and wakes whoever waits for records. */
  close(): void {
    this.#forgetBatches(this.#batches.length)
    this.wakeWatchers()
  }

  /** Calls `run` whenever the log changes or goes away; the returned function ends that. */
  watch(run: () => void): () => void {
    this.#watchers.add(run)
    return () => this.#watchers.delete(run)
  }

  wakeWatchers(): void {
    for (const run of [...this.#watchers]) run()
  }
}
