import type { BatchHeader } from '../protocol/record-batch.ts'
import { Refusal } from './refusal.ts'

/** Hands out producer ids; every id starts with epoch 0. */
export class ProducerIds {
  #next = 0n

  allocate(): bigint {
    return this.#next++
  }
}

/** Sequence numbers wrap from here to 0 (DefaultRecordBatch.incrementSequence). */
const MAX_SEQUENCE = 2 ** 31 - 1

/** As many batches of a producer are kept to know a repeat when it comes (ProducerStateEntry.NUM_BATCHES_TO_RETAIN). */
const BATCHES_KEPT = 5

export interface AppendedBatch {
  baseOffset: bigint
  lastOffset: bigint
  maxTimestamp: bigint
}

interface KnownBatch extends AppendedBatch {
  firstSequence: number
  lastSequence: number
}

interface ProducerEntry {
  epoch: number
  /** Oldest first, all of this epoch; empty when only a marker came with it. */
  batches: KnownBatch[]
}

interface FirstBatch {
  epoch: number
  lowestSequence: number
}

/**
 * The idempotent producers of one partition (Kafka's ProducerStateManager): each batch carries the sequence number of
 * its first record, and the partition takes them without gaps and each only once.
 */
export class ProducerSequences {
  readonly #entries = new Map<bigint, ProducerEntry>()
  /** The first batch of a transaction, by producer id, while it waits to be appended. */
  readonly #firstBatches = new Map<bigint, FirstBatch>()

  /** The newest epoch that the partition has seen of a producer. */
  epochOf(producerId: bigint): number | undefined {
    return this.#entries.get(producerId)?.epoch
  }

  /** The newest epoch of a producer, and the last offset of its last batch, if there is one of that epoch. */
  lastOf(producerId: bigint): { epoch: number; offset: bigint | undefined } | undefined {
    const entry = this.#entries.get(producerId)
    return entry && { epoch: entry.epoch, offset: entry.batches.at(-1)?.lastOffset }
  }

  /** Finds the batch that this one repeats, if it is among the last five. */
  duplicateOf(header: BatchHeader): AppendedBatch | undefined {
    const entry = this.#entries.get(header.producerId)
    if (entry?.epoch !== header.producerEpoch) return undefined
    return entry.batches.find(
      (one) => one.firstSequence === header.baseSequence && one.lastSequence === lastSequenceOf(header),
    )
  }

  /**
   * Refuses a batch of an old epoch, and one that does not follow the last (ProducerAppendInfo.checkSequence). Any first
   * sequence is right for a producer that the partition does not know. A repeat older than five batches is out of order,
   * too: nothing answers DUPLICATE_SEQUENCE_NUMBER any more.
   */
  check(header: BatchHeader): void {
    const entry = this.#entries.get(header.producerId)
    if (entry && header.producerEpoch < entry.epoch) throw new Refusal('INVALID_PRODUCER_EPOCH')
    const first = this.#firstBatches.get(header.producerId)
    const overtakes = first !== undefined && header.baseSequence > first.lowestSequence
    const follows = !entry || header.baseSequence === nextSequence(entry, header.producerEpoch)
    if (overtakes || !follows) throw new Refusal('OUT_OF_ORDER_SEQUENCE_NUMBER')
  }

  /**
   * Notes a batch that would begin a transaction. Until one has, or a marker has come, a later batch may not overtake the
   * lowest that was seen, even one that was refused (VerificationStateEntry, KIP-890).
   */
  noteFirstBatch({ producerId, producerEpoch: epoch, baseSequence }: BatchHeader): void {
    const first = this.#firstBatches.get(producerId)
    const isKnown =
      first && (epoch < first.epoch || (epoch === first.epoch && baseSequence >= first.lowestSequence))
    if (!isKnown) this.#firstBatches.set(producerId, { epoch, lowestSequence: baseSequence })
  }

  /**
   * Remembers the epoch of a marker. One with a higher epoch, from a coordinator that fenced the producer, begins the
   * sequence anew.
   */
  rememberMarker(producerId: bigint, epoch: number): void {
    this.#firstBatches.delete(producerId)
    const entry = this.#entries.get(producerId)
    if (entry?.epoch !== epoch) this.#entries.set(producerId, { epoch, batches: [] })
  }

  /** Remembers a batch that was appended. */
  remember(header: BatchHeader, appended: AppendedBatch): void {
    if (header.transactional) this.#firstBatches.delete(header.producerId)
    const entry = this.#entries.get(header.producerId)
    const known = { ...appended, firstSequence: header.baseSequence, lastSequence: lastSequenceOf(header) }
    const before = entry?.epoch === header.producerEpoch ? entry.batches : []
    const batches = [...before, known].slice(-BATCHES_KEPT)
    this.#entries.set(header.producerId, { epoch: header.producerEpoch, batches })
  }
}

/** A new epoch begins at 0. */
function nextSequence({ epoch, batches }: ProducerEntry, producerEpoch: number): number {
  const last = producerEpoch === epoch ? batches.at(-1) : undefined
  return last ? sequenceAfter(last.lastSequence, 1) : 0
}

function lastSequenceOf({ baseSequence, lastOffsetDelta }: BatchHeader): number {
  return sequenceAfter(baseSequence, lastOffsetDelta)
}

function sequenceAfter(sequence: number, increment: number): number {
  const sum = sequence + increment
  return sum > MAX_SEQUENCE ? sum - MAX_SEQUENCE - 1 : sum
}
