// Another right way: sendBatch, packed bytes, a generator that cuts the list, and rows in a map.

import { CompressionTypes, type Message, type Producer } from 'kafkajs'

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

type Encoded = { event: unknown; message: Message }

function* chunks<T>(list: T[], size: number): Generator<T[]> {
  for (let rest = list; rest.length > 0; rest = rest.slice(size)) yield rest.slice(0, size)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function encode(event: unknown): Encoded | string {
  if (!isRecord(event) || typeof event.orderId !== 'string') return 'This is no event of an order'
  try {
    const headers = { 'event-type': String(event.type), 'content-type': 'application/json' }
    const value = Buffer.from(JSON.stringify(event))
    return { event, message: { key: Buffer.from(event.orderId), value, headers } }
  } catch (error) {
    return `This cannot be written as JSON: ${error}`
  }
}

export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size?: number,
): Promise<BatchReport> {
  const failed: BatchReport['failed'] = []
  const good: Encoded[] = []
  for (const event of events) {
    const encoded = encode(event)
    if (typeof encoded === 'string') failed.push({ event, reason: encoded })
    else good.push(encoded)
  }

  const rows = new Map<number, PartitionRow>()
  let sent = 0
  for (const chunk of chunks(good, size ?? 100)) {
    const topicMessages = [{ topic, messages: chunk.map(({ message }) => message) }]
    const answers = await producer
      .sendBatch({ topicMessages, compression: CompressionTypes.GZIP })
      .catch((error: Error) => error)
    if (Array.isArray(answers) && answers.length > 0) {
      sent += chunk.length
      for (const { partition, baseOffset } of answers) {
        const { batches, firstOffset } = rows.get(partition) ?? { batches: 0, firstOffset: `${baseOffset}` }
        rows.set(partition, { partition, batches: batches + 1, firstOffset })
      }
    } else {
      const reason = Array.isArray(answers) ? 'no broker answered' : answers.message
      failed.push(...chunk.map(({ event }) => ({ event, reason })))
    }
  }
  return { sent, failed, partitions: [...rows.values()] }
}
