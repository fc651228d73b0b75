// Another way: runs of sends that have no order in common are on their way together, four at most.

import type { IHeaders, Message, Producer } from 'kafkajs'

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

/** At most so many sends are on their way at the same time. */
const AT_ONCE = 4

interface Parcel {
  events: unknown[]
  messages: Message[]
  orders: Set<string>
}

type Verdict = { message: Message; orderId: string } | { reason: string }

function judge(event: unknown): Verdict {
  try {
    const { orderId, type, eventId } = Object(event) as Record<string, unknown>
    if (typeof orderId !== 'string') return { reason: 'no orderId, or one that is not text' }
    const value = JSON.stringify(event) as string | undefined
    if (value === undefined) return { reason: 'cannot be written as JSON' }
    const headers: IHeaders = { source: 'nightly' }
    if (typeof type === 'string') headers['event-type'] = type
    if (typeof eventId === 'string') headers['event-id'] = eventId
    return { orderId, message: { key: orderId, value, headers } }
  } catch (error) {
    return { reason: `cannot be written as JSON: ${String(error)}` }
  }
}

/** The first of two offsets, as numbers: as text '9' would come after '10'. */
const earlier = (a: string, b: string): string => (BigInt(a) < BigInt(b) ? a : b)

export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  const report: BatchReport = { sent: 0, failed: [], partitions: [] }

  const parcels: Parcel[] = []
  for (const event of events) {
    const verdict = judge(event)
    if ('reason' in verdict) {
      report.failed.push({ event, reason: verdict.reason })
      continue
    }
    let parcel = parcels.at(-1)
    if (parcel === undefined || parcel.messages.length >= size) {
      parcel = { events: [], messages: [], orders: new Set() }
      parcels.push(parcel)
    }
    parcel.events.push(event)
    parcel.messages.push(verdict.message)
    parcel.orders.add(verdict.orderId)
  }

  // A wave is a run of parcels that have no order in common.
  const waves: Parcel[][] = []
  let onBoard = new Set<string>()
  for (const parcel of parcels) {
    const wave = waves.at(-1)
    if (wave !== undefined && wave.length < AT_ONCE && ![...parcel.orders].some((id) => onBoard.has(id))) {
      wave.push(parcel)
    } else {
      waves.push([parcel])
      onBoard = new Set()
    }
    for (const id of parcel.orders) onBoard.add(id)
  }

  const rows = new Map<number, PartitionRow>()
  for (const wave of waves) {
    const results = await Promise.allSettled(wave.map(({ messages }) => producer.send({ topic, messages })))
    results.forEach((result, i) => {
      const sentEvents = wave[i]?.events ?? []
      if (result.status === 'rejected' || result.value.length === 0) {
        const reason =
          result.status === 'rejected'
            ? `the send failed: ${String(result.reason)}`
            : 'nobody answered the send'
        report.failed.push(...sentEvents.map((event) => ({ event, reason })))
        return
      }
      report.sent += sentEvents.length
      for (const { partition, baseOffset = '-1' } of result.value) {
        const row = rows.get(partition)
        if (row) {
          row.batches += 1
          row.firstOffset = earlier(row.firstOffset, baseOffset)
        } else {
          rows.set(partition, { partition, batches: 1, firstOffset: baseOffset })
        }
      }
    })
  }
  report.partitions.push(...rows.values())
  return report
}
