// Another right way: sends that share no order may be on their way together; the rest waits.

import type { Producer, RecordMetadata } from 'kafkajs'

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

type Part = { event: unknown; key: string; value: string }[]

export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  const failed: BatchReport['failed'] = []
  const fit: Part = []
  for (const event of events) {
    try {
      fit.push({ event, key: keyOf(event), value: JSON.stringify(event) })
    } catch (error) {
      failed.push({ event, reason: String(error) })
    }
  }
  // Sorting is stable, so the events of one order stay in order, and an order is cut by the end of a part at most.
  fit.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

  let sent = 0
  const answers: RecordMetadata[] = []
  const send = async (part: Part) => {
    try {
      const messages = part.map(({ key, value }) => ({ key, value }))
      const ofThisPart = await producer.send({ topic, messages })
      if (ofThisPart.length === 0) throw new Error('no broker was asked')
      sent += part.length
      answers.push(...ofThisPart)
    } catch (error) {
      failed.push(...part.map(({ event }) => ({ event, reason: String(error) })))
    }
  }

  const onTheWay: Promise<void>[] = []
  for (let at = 0; at < fit.length; at += size) {
    if (fit[at]?.key === fit[at - 1]?.key) await Promise.all(onTheWay.splice(0))
    onTheWay.push(send(fit.slice(at, at + size)))
  }
  await Promise.all(onTheWay)
  return { sent, failed, partitions: rowsOf(answers) }
}

function keyOf(event: unknown): string {
  if (event instanceof Object && 'orderId' in event && typeof event.orderId === 'string') return event.orderId
  throw new Error('This belongs to no order')
}

/** Answers come in any order here, so the first offset is the lowest. */
function rowsOf(answers: RecordMetadata[]): PartitionRow[] {
  const rows: Record<number, PartitionRow> = {}
  for (const { partition, baseOffset = '0' } of answers) {
    const row = rows[partition] ?? { partition, batches: 0, firstOffset: baseOffset }
    rows[partition] = row
    row.batches += 1
    if (BigInt(baseOffset) < BigInt(row.firstOffset)) row.firstOffset = baseOffset
  }
  return Object.values(rows)
}
