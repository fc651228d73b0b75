// Wrong idea: the producer collects single sends into batches by itself.

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
  _size = 100,
): Promise<BatchReport> {
  const report: BatchReport = { sent: 0, failed: [], partitions: [] }
  const good: { event: unknown; message: Message }[] = []
  for (const event of events) {
    try {
      good.push({ event, message: encode(event) })
    } catch (error) {
      report.failed.push({ event, reason: String(error) })
    }
  }

  await Promise.all(
    good.map(async ({ event, message }) => {
      try {
        const answers = await producer.send({ topic, messages: [message] })
        if (answers.length === 0) throw new Error('no answer')
        report.sent += 1
        for (const answer of answers) enter(report.partitions, answer)
      } catch (error) {
        report.failed.push({ event, reason: String(error) })
      }
    }),
  )
  return report
}

function encode(event: unknown): Message {
  const { orderId } = event as { orderId?: unknown }
  if (typeof orderId !== 'string') throw new Error('no orderId')
  return { key: orderId, value: JSON.stringify(event) }
}

function enter(partitions: PartitionRow[], { partition, baseOffset = '' }: RecordMetadata): void {
  const row = partitions.find((one) => one.partition === partition)
  if (row) row.batches += 1
  else partitions.push({ partition, batches: 1, firstOffset: baseOffset })
}
