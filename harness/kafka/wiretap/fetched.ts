import { readMarker } from '../protocol/control-batch.ts'
import { type BatchHeader, readBatchHeader, splitBatches } from '../protocol/record-batch.ts'

/** What a Fetch answer says of one partition, as far as it is needed here. */
export interface FetchedPartition {
  records: Buffer | null
  /** Null for a client that reads uncommitted records, too. */
  abortedTransactions: readonly { producerId: bigint; firstOffset: bigint }[] | null
}

export interface FetchedCount {
  /** Records that came, markers of transactions left out. */
  records: number
  /** Those of them that a read_committed client drops: their transaction was aborted. */
  aborted: number
}

/**
 * Counts the records from offset `from` on; a batch may begin before it. Aborted ones are found as clients find them: a
 * transaction is on the list from its first offset to its marker (Fetcher, KIP-98).
 */
export function countFetched(partition: FetchedPartition, from: bigint): FetchedCount {
  const waiting = [...(partition.abortedTransactions ?? [])].sort(byFirstOffset)
  const aborting = new Set<bigint>()
  const found = { records: 0, aborted: 0 }
  for (const batch of splitBatches(partition.records ?? Buffer.alloc(0))) {
    const header = readBatchHeader(batch)
    while (waiting[0] && waiting[0].firstOffset <= header.baseOffset) {
      aborting.add(waiting[0].producerId)
      waiting.shift()
    }
    if (header.control) {
      if (readMarker(batch) === 'abort') aborting.delete(header.producerId)
      continue
    }
    const count = countFrom(header, from)
    found.records += count
    if (header.transactional && aborting.has(header.producerId)) found.aborted += count
  }
  return found
}

/** Brokers name them in the order of their ends. */
function byFirstOffset(one: { firstOffset: bigint }, other: { firstOffset: bigint }): number {
  return one.firstOffset < other.firstOffset ? -1 : 1
}

function countFrom({ baseOffset, lastOffsetDelta, count }: BatchHeader, from: bigint): number {
  const next = baseOffset + BigInt(lastOffsetDelta) + 1n
  return baseOffset >= from ? count : Math.max(0, Number(next - from))
}
