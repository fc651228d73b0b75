import type { Message, Producer, RecordMetadata } from 'kafkajs'

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
  const report: BatchReport = { sent: 0, failed: [], partitions: [] }
  const fail = (event: unknown, error: unknown) => {
    report.failed.push({ event, reason: error instanceof Error ? error.message : String(error) })
  }

  // First every record, then every send: one message that kafkajs cannot encode would take its whole send with it.
  const records: { event: unknown; message: Message }[] = []
  for (const event of events) {
    try {
      records.push({ event, message: encode(event) })
    } catch (error) {
      fail(event, error)
    }
  }

  for (let at = 0; at < records.length; at += size) {
    const batch = records.slice(at, at + size)
    try {
      // Awaited before the next one: with several sends on their way, kafkajs does not keep their order.
      const answers = await producer.send({ topic, messages: batch.map(({ message }) => message) })
      if (answers.length === 0) throw new Error(`No broker was asked to store this in ${topic}`)
      report.sent += batch.length
      for (const answer of answers) enter(report, answer)
    } catch (error) {
      // kafkajs tells the first error only, not which partition it is about. Some of these may be stored all the same, but
      // nobody has said so.
      for (const { event } of batch) fail(event, error)
    }
  }
  return report
}

/** Throws for whatever has no order to belong to, or cannot be written as JSON. */
function encode(event: unknown): Message {
  const orderId = (event as { orderId?: unknown } | null | undefined)?.orderId
  if (typeof orderId !== 'string') throw new TypeError('An event needs an orderId')
  return { key: orderId, value: JSON.stringify(event) }
}

/** Enters one answer, which is about one batch in one partition. Sends are in order, so the first answer has the first offset. */
function enter({ partitions }: BatchReport, { partition, baseOffset = '' }: RecordMetadata): void {
  const row = partitions.find((known) => known.partition === partition)
  if (row) row.batches += 1
  else partitions.push({ partition, batches: 1, firstOffset: baseOffset })
}
