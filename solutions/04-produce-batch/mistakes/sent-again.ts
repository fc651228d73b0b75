// Wrong idea: a send that was refused has stored nothing, so its events can be sent again one by one.

import type { Message, Producer } from 'kafkajs'

export interface BatchReport {
  sent: number
  failed: { event: unknown; reason: string }[]
  partitions: PartitionRow[]
}

export interface PartitionRow {
  partition: number
  batches: number
  firstOffset: string
}

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
