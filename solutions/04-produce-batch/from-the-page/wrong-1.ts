// Written from the page alone. First verdict: passed.
// Wrong: takes a failed send for one that has stored nothing, and sends its events again one by one. That makes more sends than
// needed, is the retry loop that the page forbids, and what another partition had stored from the first try is stored twice.
import type { Message, Producer } from 'kafkajs'

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
  /** How many batches this call has added there: one for each answer that names the partition. */
  batches: number
  /** The offset of the first record that this call has added there. Decimal text, as everywhere in kafkajs. */
  firstOffset: string
}

/** Sends many events, `size` of them (at least 1) with each send, and says what became of every one. */
export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  const failed: BatchReport['failed'] = []
  const good: { event: unknown; message: Message }[] = []
  for (const event of events) {
    try {
      const orderId = (event as { orderId?: unknown } | null)?.orderId
      if (typeof orderId !== 'string') throw new Error('has no orderId')
      good.push({ event, message: { key: orderId, value: JSON.stringify(event) } })
    } catch (error) {
      failed.push({ event, reason: error instanceof Error ? error.message : String(error) })
    }
  }

  let sent = 0
  const rows = new Map<number, PartitionRow>()
  async function send(batch: typeof good): Promise<void> {
    const answers = await producer.send({ topic, messages: batch.map(({ message }) => message) })
    if (answers.length === 0) throw new Error('no broker answered')
    sent += batch.length
    for (const { partition, baseOffset = '0' } of answers) {
      const row = rows.get(partition)
      if (row) row.batches += 1
      else rows.set(partition, { partition, batches: 1, firstOffset: baseOffset })
    }
  }

  for (let from = 0; from < good.length; from += size) {
    const batch = good.slice(from, from + size)
    try {
      await send(batch)
    } catch {
      // One bad event must not cost the others: the batch was refused, so send its events one by one.
      for (const one of batch) {
        try {
          await send([one])
        } catch (error) {
          failed.push({ event: one.event, reason: error instanceof Error ? error.message : String(error) })
        }
      }
    }
  }
  return { sent, failed, partitions: [...rows.values()] }
}
