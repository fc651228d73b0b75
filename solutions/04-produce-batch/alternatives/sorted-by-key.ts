// Another right way: the events of one order are brought together first; the answers are kept, and counted at the end.

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

interface Written {
  events: unknown[]
  outcome: PromiseSettledResult<RecordMetadata[]>
}

export async function produceEventsBatch(
  producer: Producer,
  topic: string,
  events: unknown[],
  size = 100,
): Promise<BatchReport> {
  const orders = new Map<string, { event: unknown; value: string }[]>()
  const failed: BatchReport['failed'] = []
  for (const event of events) {
    try {
      const { orderId } = event as { orderId: unknown }
      if (typeof orderId !== 'string') throw 'without an orderId, it belongs to no order'
      const value = JSON.stringify(event, null, 1)
      orders.set(orderId, [...(orders.get(orderId) ?? []), { event, value }])
    } catch (error) {
      failed.push({ event, reason: `${error}` })
    }
  }
  const queue = [...orders].flatMap(([key, list]) => list.map(({ event, value }) => ({ event, key, value })))

  const written: Written[] = []
  while (queue.length > 0) {
    const next = queue.splice(0, size)
    const messages = next.map(({ key, value }) => ({ key, value, timestamp: String(Date.now()) }))
    const [outcome] = await Promise.allSettled([producer.send({ topic, acks: -1, messages })])
    written.push({ events: next.map(({ event }) => event), outcome })
  }

  const answers = written.flatMap(({ outcome }) => (outcome.status === 'fulfilled' ? outcome.value : []))
  const offsetsOf = (partition: number) =>
    answers.filter((answer) => answer.partition === partition).map((answer) => BigInt(answer.baseOffset ?? 0))
  const partitions = [...new Set(answers.map(({ partition }) => partition))].map((partition) => {
    const offsets = offsetsOf(partition)
    const firstOffset = offsets.reduce((lowest, offset) => (offset < lowest ? offset : lowest))
    return { partition, batches: offsets.length, firstOffset: firstOffset.toString() }
  })
  const stored = written.filter(({ outcome }) => outcome.status === 'fulfilled' && outcome.value.length > 0)
  for (const { events, outcome } of written) {
    if (stored.some((one) => one.events === events)) continue
    const reason = outcome.status === 'rejected' ? String(outcome.reason) : 'nobody answered'
    failed.push(...events.map((event) => ({ event, reason })))
  }
  return { sent: stored.reduce((sum, { events }) => sum + events.length, 0), failed, partitions }
}
