// Wrong idea: commitOffsetsIfNecessary() commits what resolveOffset() has marked.

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
      for (const { offset, value } of messages) {
        try {
          await handle(JSON.parse(String(value)), { topic, partition, offset })
          resolveOffset(offset)
          await commitOffsetsIfNecessary()
          report.handled += 1
          report.committed[partition] = String(BigInt(offset) + 1n)
        } catch (error) {
          failure = { error }
        }
        if (failure || report.handled === max) {
          void consumer.stop()
          break
        }
      }
    },
  })
  await stopped
  if (failure) throw failure.error
  return report
}
