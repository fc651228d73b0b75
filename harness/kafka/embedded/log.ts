import { writeMarker } from '../protocol/control-batch.ts'
import { type BatchHeader, placeBatch, readBatchHeader, stampBatch } from '../protocol/record-batch.ts'
import { type CheckedBatch, checkBatch } from './batch-rules.ts'
import type { Clock } from './clock.ts'
import { Compaction, type LogMoment } from './compaction.ts'
import { type EpochEnd, LeaderEpochs } from './leader-epochs.ts'
import type { LogSpace } from './limits.ts'
import type { AbortedTransaction } from './log-transactions.ts'
import { type NewMarker, ProducerState } from './producer-state.ts'
import type { AppendedBatch } from './producers.ts'
import { Refusal } from './refusal.ts'
import { countBreaching, retentionRules } from './retention.ts'
import { type ReadLimits, Segments } from './segments.ts'
import { type FoundOffset, findByTimestamp, findLatest } from './time-search.ts'
import type { TopicConfigs } from './topic-configs.ts'

export interface Appended {
  baseOffset: bigint
  /** Milliseconds since 1970; -1 when the records keep the producer's time. */
  logAppendTimeMs: bigint
}

/** The records of one partition, in the batches in which they came. Offsets are never given twice. */
export class Log {
  readonly #name: string
  readonly #configs: TopicConfigs
  readonly #clock: Clock
  readonly #space: LogSpace
  readonly #producers = new ProducerState()
  readonly #watchers = new Set<() => void>()
  readonly #epochs = new LeaderEpochs()
  readonly #segments: Segments
  readonly #compaction: Compaction
  #startOffset = 0n
  #endOffset = 0n
  #heldHighWatermark: bigint | null = null

  constructor(name: string, configs: TopicConfigs, clock: Clock, space: LogSpace) {
    this.#name = name
    this.#configs = configs
    this.#clock = clock
    this.#space = space
    this.#segments = new Segments(clock.now())
    this.#compaction = new Compaction({ segments: this.#segments, producers: this.#producers, configs })
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

  /** A leader appends from here on; each batch carries the epoch of its leader (KIP-101). */
  beginLeaderEpoch(epoch: number): void {
    this.#epochs.begin(epoch, this.#endOffset)
  }

  /** Up to where the log holds the records of leaders up to `epoch` (see LeaderEpochs). */
  endOfLeaderEpoch(epoch: number): EpochEnd {
    return this.#epochs.endOf(epoch, this.#endOffset)
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
    const isStamped = this.#isStamping
    const maxTimestamp = isStamped ? BigInt(nowMs) : checked.maxTimestamp
    // Kafka rolls before it looks at the producer, so that even a batch that it then refuses begins a segment.
    this.#maybeRoll(batch.length, maxTimestamp, nowMs)
    const isIdempotent = header.producerId >= 0n
    if (isIdempotent) {
      const duplicate = this.#producers.duplicateOf(header)
      // Kafka gives the time of the batch here whatever the topic's kind of timestamp (UnifiedLog.append).
      if (duplicate) return { baseOffset: duplicate.baseOffset, logAppendTimeMs: duplicate.maxTimestamp }
      this.#producers.check(header)
    }
    this.#space.checkRoomFor(batch.length)
    const stored = this.#store(batch, { header, maxTimestamp }, isStamped ? 'LogAppendTime' : 'CreateTime')
    if (isIdempotent) this.#producers.remember(header, stored)
    this.wakeWatchers()
    return { baseOffset: stored.baseOffset, logAppendTimeMs: isStamped ? stored.maxTimestamp : -1n }
  }

  /** Ends a transaction in this partition; the marker takes one offset, whether or not there are records of it here. */
  appendMarker(ending: NewMarker): void {
    const nowMs = this.#clock.now()
    const timestamp = BigInt(nowMs)
    // In Kafka the epoch of the coordinator goes up when it moves to another node; no client looks at it.
    const batch = writeMarker({ ...ending, coordinatorEpoch: 0, timestamp })
    const timestampType = this.#isStamping ? 'LogAppendTime' : 'CreateTime'
    const checked = { header: readBatchHeader(batch), maxTimestamp: timestamp }
    this.#maybeRoll(batch.length, timestamp, nowMs)
    const { baseOffset } = this.#store(batch, checked, timestampType)
    this.#producers.rememberMarker(ending, baseOffset)
    this.wakeWatchers()
  }

  get #isStamping(): boolean {
    return this.#configs.get('message.timestamp.type') === 'LogAppendTime'
  }

  /** Begins a new segment when the active one is full, or too old (UnifiedLog.maybeRoll). */
  #maybeRoll(bytes: number, maxTimestamp: bigint, nowMs: number): void {
    const segmentMs = this.#configs.number('segment.ms')
    const params = {
      bytes,
      maxTimestamp,
      nowMs,
      maxSegmentBytes: this.#configs.number('segment.bytes'),
      maxSegmentMs: this.#isCompacted
        ? Math.min(segmentMs, this.#configs.number('max.compaction.lag.ms'))
        : segmentMs,
    }
    if (this.#segments.active.shouldRoll(params)) this.#segments.roll(this.#endOffset, nowMs)
  }

  get #isCompacted(): boolean {
    return this.#configs.hasCleanupPolicy('compact')
  }

  #store(
    batch: Buffer,
    { header, maxTimestamp }: CheckedBatch,
    timestampType: BatchHeader['timestampType'],
  ): AppendedBatch {
    // A copy: the batch is a view into a whole request, and it is about to be changed.
    const bytes = Buffer.from(batch)
    const baseOffset = this.#endOffset
    placeBatch(bytes, baseOffset, this.#epochs.latest)
    if (maxTimestamp !== header.maxTimestamp || timestampType !== header.timestampType) {
      stampBatch(bytes, timestampType, maxTimestamp)
    }
    const stored = { baseOffset, lastOffset: baseOffset + BigInt(header.lastOffsetDelta), maxTimestamp }
    this.#segments.active.append(bytes, stored, this.#clock.now())
    this.#space.take(bytes.length)
    this.#endOffset = stored.lastOffset + 1n
    return stored
  }

  /**
   * The batches from the one with `offset` on, which may start before it, up to `end`, as long as they fit into `maxBytes`,
   * and all of one segment. The first one comes whatever its size when `wholeFirst` is set, so that a consumer never gets
   * stuck (KIP-74). An offset that compaction has taken away stands for the next one. Throws Refusal for an offset outside
   * of the log.
   */
  read(offset: bigint, limits: ReadLimits): Buffer[] {
    if (offset < this.#startOffset || offset > this.#endOffset) throw new Refusal('OFFSET_OUT_OF_RANGE')
    return this.#segments.read(offset, limits)
  }

  /** Whether there is more to read in a segment behind that of `offset`; nobody waits for more bytes then. */
  hasSegmentBehind(offset: bigint, end: bigint): boolean {
    const place = this.#segments.find(offset)
    return place !== undefined && place.segment.baseOffset < this.#segments.holding(end).baseOffset
  }

  /**
   * The aborted transactions that a reader of `count` batches from `offset` on has to know. Some may begin behind these
   * batches: Kafka looks as far as the next entry of its offset index, or the next segment
   * (LogSegment.fetchUpperBoundOffset). Clients wait for the first offset of each.
   */
  abortedTransactions(offset: bigint, count: number): AbortedTransaction[] {
    const place = this.#segments.find(offset)
    if (count === 0 || !place) return []
    const { segment } = place
    let next = place.index + count
    while (next < segment.batches.length && !segment.batches[next]?.isIndexed) next++
    const end = segment.batches[next]?.lastOffset ?? this.#segments.endOf(segment) ?? this.#endOffset
    return this.#producers.abortedIn(offset, end)
  }

  /** The start of the log, as an answer to a search. */
  get earliest(): FoundOffset {
    const leaderEpoch = this.#epochs.earliestAt(this.#startOffset)
    return { offset: this.#startOffset, timestamp: -1n, leaderEpoch }
  }

  /** The first record at `timestamp` or later; undefined when there is none. */
  findByTimestamp(timestamp: bigint): FoundOffset | undefined {
    return findByTimestamp(this.#segments.all, timestamp, this.#startOffset)
  }

  /** The first record with the latest time of all (KIP-734); undefined when no record has a time. */
  findLatest(): FoundOffset | undefined {
    return findLatest(this.#segments.all, this.#startOffset)
  }

  /** Moves the start of the log forward, never back (DeleteRecords). Throws Refusal beyond the high watermark. */
  deleteRecordsBefore(offset: bigint): void {
    if (offset < 0n || offset > this.highWatermark) throw new Refusal('OFFSET_OUT_OF_RANGE')
    if (offset <= this.#startOffset) return
    this.#moveStart(offset)
    this.#freeing(() => this.#segments.freeBefore(offset))
    this.wakeWatchers()
  }

  /** Deletes the oldest segments that `cleanup.policy` and the `retention` settings do not keep any longer. */
  applyRetention(): void {
    const nowMs = this.#clock.now()
    for (const rule of retentionRules(this.#configs)) {
      const { highWatermark } = this
      const segments = this.#segments.all
      const log = { segments, startOffset: this.#startOffset, highWatermark, endOffset: this.#endOffset }
      const count = countBreaching(log, rule(log, this.#configs, nowMs))
      if (count === 0) continue
      if (count === segments.length) this.#segments.roll(this.#endOffset, nowMs)
      this.#freeing(() => this.#segments.deleteOldest(count))
      const [oldest] = this.#segments.all
      if (oldest && oldest.baseOffset > this.#startOffset) this.#moveStart(oldest.baseOffset)
      this.wakeWatchers()
    }
  }

  /** Compacts the closed segments, if the topic is a compacted one, however little of them is dirty. */
  compact(): void {
    if (this.#isCompacted) this.#freeing(() => this.#compaction.run(this.#moment))
  }

  /** As `compact`, but only when enough is dirty, or something has been for too long. */
  compactIfDue(): void {
    if (this.#isCompacted) this.#freeing(() => this.#compaction.runIfDue(this.#moment))
  }

  get #moment(): LogMoment {
    const { startOffset, lastStableOffset } = this
    return { nowMs: this.#clock.now(), startOffset, lastStableOffset }
  }

  /** The end of the log, with its topic: gives back its room and wakes whoever waits for records. */
  close(): void {
    this.#freeing(() => this.#segments.freeBefore(this.#endOffset))
    this.wakeWatchers()
  }

  /** Gives back the room of what `run` takes away. */
  #freeing(run: () => void): void {
    const before = this.#segments.heldBytes
    run()
    this.#space.release(before - this.#segments.heldBytes)
  }

  #moveStart(offset: bigint): void {
    this.#startOffset = offset
    this.#producers.forgetBefore(offset)
    this.#epochs.forgetBefore(offset)
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
