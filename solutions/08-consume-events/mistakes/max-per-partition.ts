// Wrong idea: partitions are independent, so the limit holds for each of them.

import type { Consumer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export interface ConsumeReport {
  handled: number
  committed: Record<number, string>
}

export async function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  const report: ConsumeReport = { handled: 0, committed: {} }
  if (max === 0) return report
  const stopped = new Promise<void>((resolve) => consumer.on(consumer.events.STOP, () => resolve()))
  let failure: { error: unknown } | undefined
  const counts = new Map<number, number>()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value } }) => {
      const count = counts.get(partition) ?? 0
      if (count === max || failure) return
      try {
        await handle(JSON.parse(String(value)), { topic, partition, offset })
        const next = String(BigInt(offset) + 1n)
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.committed[partition] = next
        counts.set(partition, count + 1)
        report.handled += 1
      } catch (error) {
        failure = { error }
      }
      const done = counts.size === 3 && [...counts.values()].every((handled) => handled === max)
      if (failure || done) void consumer.stop()
    },
  })
  await stopped
  if (failure) throw failure.error
  return report
}
