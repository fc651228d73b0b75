import type { Producer } from 'kafkajs'

/** What became of a list of events. */
export interface BatchReport {
  /** How many events a broker has acknowledged. */
  sent: number
  /** Every other event, and why; in any order. */
  failed: { event: unknown; reason: string }[]
  /** One row for each partition that a broker has acknowledged something in; in any order. */
  partitions: PartitionRow[]
}

export interface PartitionRow {
  partition: number
  /** How many answers of this call name the partition: one for each batch that a broker has acknowledged. */
  batches: number
  /** The lowest base offset among these answers. Decimal text, as everywhere in kafkajs. */
  firstOffset: string
}

/**
 * Sends many events, `size` of them (at least 1) with each send, and says what became of every one.
 * An event that cannot become a record, or whose send failed, is reported and does not keep the others from being sent.
 * Resolves when every send has ended. The producer comes connected; its owner disconnects it.
 */
export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  throw new Error('TODO produceEventsBatch: make the records, send them in batches, report')
}
