// Wrong idea: a consumer that was told to stop still commits what is asked of it.

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
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value } }) => {
      try {
        await handle(JSON.parse(String(value)), { topic, partition, offset })
        report.handled += 1
        if (report.handled === max) void consumer.stop()
        const next = String(BigInt(offset) + 1n)
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.committed[partition] = next
      } catch (error) {
        failure = { error }
        void consumer.stop()
      }
    },
  })
  await stopped
  if (failure) throw failure.error
  return report
}
