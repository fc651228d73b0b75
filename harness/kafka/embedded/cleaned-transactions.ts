import { readMarker } from '../protocol/control-batch.ts'
import type { BatchHeader } from '../protocol/record-batch.ts'
import type { IndexedAbort } from './log-transactions.ts'
import type { StoredBatch } from './segment.ts'

interface OpenAbort {
  transaction: IndexedAbort
  hasBatches: boolean
}

/**
 * The transactions that a cleaning comes across, batch by batch from the start of the log (Kafka's
 * CleanedTransactionMetadata): records of an aborted one go at once, and its marker once they are gone.
 */
export class CleanedTransactions {
  /** Those that read_committed clients still have to know. */
  readonly kept = new Set<IndexedAbort>()
  /** By first offset. */
  readonly #aborted: readonly IndexedAbort[]
  #next = 0
  readonly #openAborts = new Map<bigint, OpenAbort>()
  readonly #openCommits = new Set<bigint>()

  constructor(aborted: readonly IndexedAbort[]) {
    this.#aborted = [...aborted].sort((one, other) => (one.firstOffset < other.firstOffset ? -1 : 1))
  }

  /** Whether the records of this batch are worth nothing: of an aborted transaction, or the marker of an empty one. */
  isWorthless(header: BatchHeader, { bytes, lastOffset }: StoredBatch): boolean {
    this.#openAbortsUpTo(lastOffset)
    if (!header.transactional) return false
    if (header.control) return this.#isLastTrace(header, bytes)
    const abort = this.#openAborts.get(header.producerId)
    if (abort) abort.hasBatches = true
    else this.#openCommits.add(header.producerId)
    return abort !== undefined
  }

  /** Whether nothing is left of the transaction that this marker ends. */
  #isLastTrace({ producerId, count }: BatchHeader, bytes: Buffer): boolean {
    if (count === 0) return true
    if (readMarker(bytes) === 'commit') return !this.#openCommits.delete(producerId)
    const abort = this.#openAborts.get(producerId)
    this.#openAborts.delete(producerId)
    if (!abort?.hasBatches) return true
    this.kept.add(abort.transaction)
    return false
  }

  #openAbortsUpTo(offset: bigint): void {
    for (; this.#next < this.#aborted.length; this.#next++) {
      const transaction = this.#aborted[this.#next] as IndexedAbort
      if (transaction.firstOffset > offset) return
      this.#openAborts.set(transaction.producerId, { transaction, hasBatches: false })
    }
  }
}
