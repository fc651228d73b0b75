import type { Marker } from '../protocol/control-batch.ts'
import { firstIndex } from './first-index.ts'

/** A transaction whose records a read_committed client has to skip. */
export interface AbortedTransaction {
  producerId: bigint
  /** Of its first record in this partition. */
  firstOffset: bigint
}

export interface IndexedAbort extends AbortedTransaction {
  /** Of its marker. */
  lastOffset: bigint
  /** The partition's last stable offset once the marker was there: no later abort of this list begins before it. */
  lastStableOffset: bigint
}

/**
 * The transactions in one partition: those that are open there, and those that were aborted (Kafka's ongoingTxns in
 * ProducerStateManager, and its TransactionIndex).
 */
export class LogTransactions {
  /** First offset by producer id. The oldest comes first, because offsets only grow. */
  readonly #open = new Map<bigint, bigint>()
  /** In the order of their markers. */
  #aborted: IndexedAbort[] = []

  isOpen(producerId: bigint): boolean {
    return this.#open.has(producerId)
  }

  /** Where the oldest open transaction begins; undefined when none is open. */
  get firstOpenOffset(): bigint | undefined {
    return this.#open.values().next().value
  }

  begin(producerId: bigint, firstOffset: bigint): void {
    this.#open.set(producerId, firstOffset)
  }

  /** A marker may come to a partition that got no record of the transaction; that leaves no trace here. */
  end(producerId: bigint, marker: Marker, markerOffset: bigint): void {
    const firstOffset = this.#open.get(producerId)
    if (firstOffset === undefined) return
    this.#open.delete(producerId)
    if (marker === 'commit') return
    const lastStableOffset = this.firstOpenOffset ?? markerOffset + 1n
    this.#aborted.push({ producerId, firstOffset, lastOffset: markerOffset, lastStableOffset })
  }

  /** Those that have something in the range from `from` up to, not including, `end`, in the order of their markers. */
  abortedIn(from: bigint, end: bigint): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    const first = firstIndex(this.#aborted, ({ lastOffset }) => lastOffset >= from)
    for (let index = first; index < this.#aborted.length; index++) {
      const { producerId, firstOffset, lastStableOffset } = this.#aborted[index] as IndexedAbort
      if (firstOffset < end) found.push({ producerId, firstOffset })
      if (lastStableOffset >= end) break
    }
    return found
  }

  /** Those that end before `end`, in the order of their markers. */
  abortedBefore(end: bigint): readonly IndexedAbort[] {
    return this.#aborted.slice(
      0,
      firstIndex(this.#aborted, ({ lastOffset }) => lastOffset >= end),
    )
  }

  /** To be told of a cleaning up to `end`: of the transactions before it only those in `kept` still have records. */
  cleaned(end: bigint, kept: ReadonlySet<IndexedAbort>): void {
    this.#aborted = this.#aborted.filter((one) => one.lastOffset >= end || kept.has(one))
  }

  /** Forgets what lies wholly before a new start of the log. */
  forgetBefore(offset: bigint): void {
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= offset)
  }
}
