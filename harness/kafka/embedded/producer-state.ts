import type { Marker } from '../protocol/control-batch.ts'
import type { BatchHeader } from '../protocol/record-batch.ts'
import { type AbortedTransaction, type IndexedAbort, LogTransactions } from './log-transactions.ts'
import { type AppendedBatch, ProducerSequences } from './producers.ts'
import { Refusal } from './refusal.ts'
import type { ProducerIdentity } from './transaction.ts'

/** What ends a transaction. */
export interface NewMarker extends ProducerIdentity {
  marker: Marker
}

/**
 * What one partition knows of the producers that have an id: their sequences and their transactions (Kafka's
 * ProducerStateManager). Batches without producer id are none of its business.
 */
export class ProducerState {
  readonly #sequences = new ProducerSequences()
  readonly #transactions = new LogTransactions()

  /** Where the oldest open transaction begins; undefined when none is open. */
  get firstOpenOffset(): bigint | undefined {
    return this.#transactions.firstOpenOffset
  }

  /**
   * Whether the coordinator has to be asked for the transaction of this batch: not when the batch goes on with one that is
   * open here (UnifiedLog.maybeStartTransactionVerification, KIP-890).
   */
  needsVerification(header: BatchHeader): boolean {
    const { producerId, producerEpoch } = header
    const isOpen = this.#transactions.isOpen(producerId)
    if (isOpen && this.#sequences.epochOf(producerId) === producerEpoch) return false
    this.#sequences.noteFirstBatch(header)
    return true
  }

  /** The batch that this one repeats, if it is one of the producer's last five. */
  duplicateOf(header: BatchHeader): AppendedBatch | undefined {
    return this.#sequences.duplicateOf(header)
  }

  /**
   * Refuses a batch of an old epoch or out of order, and one outside of the transaction that its producer has open in this
   * partition (ProducerAppendInfo.appendDataBatch).
   */
  check(header: BatchHeader): void {
    this.#sequences.check(header)
    const isOutside = !header.transactional && this.#transactions.isOpen(header.producerId)
    if (isOutside) throw new Refusal('INVALID_TXN_STATE')
  }

  /** To be told of every batch that was appended; the first one of a transaction opens it here. */
  remember(header: BatchHeader, appended: AppendedBatch): void {
    this.#sequences.remember(header, appended)
    const { producerId, transactional } = header
    const begins = transactional && !this.#transactions.isOpen(producerId)
    if (begins) this.#transactions.begin(producerId, appended.baseOffset)
  }

  rememberMarker({ marker, producerId, producerEpoch }: NewMarker, offset: bigint): void {
    this.#sequences.rememberMarker(producerId, producerEpoch)
    this.#transactions.end(producerId, marker, offset)
  }

  /** Aborted transactions in a range of offsets (see LogTransactions). */
  abortedIn(from: bigint, end: bigint): AbortedTransaction[] {
    return this.#transactions.abortedIn(from, end)
  }

  /** Aborted transactions for a cleaning of everything before `end` (see LogTransactions). */
  abortedBefore(end: bigint): readonly IndexedAbort[] {
    return this.#transactions.abortedBefore(end)
  }

  /** To be told which of them are left after it. */
  cleaned(end: bigint, kept: ReadonlySet<IndexedAbort>): void {
    this.#transactions.cleaned(end, kept)
  }

  /**
   * Whether this batch is the last trace of its producer: the one with its last sequence number, or a marker with its epoch
   * where no batch with records is remembered. A cleaning may empty it but has to keep it (Cleaner.isBatchLastRecordOfProducer).
   */
  isLastOfProducer(header: BatchHeader, lastOffset: bigint): boolean {
    const last = this.#sequences.lastOf(header.producerId)
    if (!last) return false
    if (last.offset !== undefined) return last.offset === lastOffset
    return header.control && header.producerEpoch === last.epoch
  }

  /** To be told when the log begins later than before. */
  forgetBefore(offset: bigint): void {
    this.#transactions.forgetBefore(offset)
  }
}
