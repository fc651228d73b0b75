// Another right way: a function that sends the first part, and then calls itself with the rest.

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

export function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  const attempts = events.map(encode)
  const unfit = attempts.flatMap((attempt) => ('reason' in attempt ? [attempt] : []))
  const fit = attempts.flatMap((attempt) => ('message' in attempt ? [attempt] : []))

  const sendFrom = (at: number, report: BatchReport): Promise<BatchReport> => {
    const part = fit.slice(at, at + size)
    if (part.length === 0) return Promise.resolve(report)
    const lost = (reason: string): BatchReport => ({
      ...report,
      failed: [...report.failed, ...part.map(({ event }) => ({ event, reason }))],
    })
    return producer
      .send({ topic, messages: part.map(({ message }) => message) })
      .then(
        (answers): BatchReport =>
          answers.length === 0
            ? lost('no broker took it')
            : {
                ...report,
                sent: report.sent + part.length,
                partitions: answers.reduce(withAnswer, report.partitions),
              },
        (error: Error) => lost(error.message),
      )
      .then((next) => sendFrom(at + size, next))
  }
  return sendFrom(0, { sent: 0, failed: unfit, partitions: [] })
}

function encode(event: unknown): { event: unknown; message: Message } | { event: unknown; reason: string } {
  const key = Object(event).orderId
  if (typeof key !== 'string') return { event, reason: 'no orderId' }
  try {
    return { event, message: { key, value: JSON.stringify(event) } }
  } catch (error) {
    return { event, reason: String(error) }
  }
}

function withAnswer(rows: PartitionRow[], { partition, baseOffset }: RecordMetadata): PartitionRow[] {
  const known = rows.find((row) => row.partition === partition)
  const row = known
    ? { ...known, batches: known.batches + 1 }
    : { partition, batches: 1, firstOffset: String(baseOffset) }
  return [...rows.filter((one) => one !== known), row]
}
