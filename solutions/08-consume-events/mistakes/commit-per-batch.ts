// Wrong idea: a batch is the unit of work, so one commit at its end is enough.

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
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch: { partition, messages }, resolveOffset, commitOffsetsIfNecessary }) => {
      let next = ''
      try {
        for (const { offset, value } of messages) {
          await handle(JSON.parse(String(value)), { topic, partition, offset })
          resolveOffset(offset)
          report.handled += 1
          next = String(BigInt(offset) + 1n)
          if (report.handled === max) break
        }
      } catch (error) {
        failure = { error }
      }
      if (next) {
        await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] })
        report.committed[partition] = next
      }
      if (failure || report.handled === max) void consumer.stop()
    },
  })
  await stopped
  if (failure) throw failure.error
  return report
}
