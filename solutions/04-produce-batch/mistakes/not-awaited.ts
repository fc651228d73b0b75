// Wrong idea: forEach waits for an async function.

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
  const good: { event: unknown; message: Message }[] = []
  for (const event of events) {
    try {
      good.push({ event, message: encode(event) })
    } catch (error) {
      report.failed.push({ event, reason: String(error) })
    }
  }

  const batches: (typeof good)[] = []
  for (let at = 0; at < good.length; at += size) batches.push(good.slice(at, at + size))
  batches.forEach(async (batch) => {
    try {
      const answers = await producer.send({ topic, messages: batch.map(({ message }) => message) })
      if (answers.length === 0) throw new Error('no answer')
      report.sent += batch.length
      for (const answer of answers) enter(report.partitions, answer)
    } catch (error) {
      for (const { event } of batch) report.failed.push({ event, reason: String(error) })
    }
  })
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
