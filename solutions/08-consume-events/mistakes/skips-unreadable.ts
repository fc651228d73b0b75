// Wrong idea: what cannot be read cannot be an event, so it can be skipped.

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

/** The event in a value, or null when there is none in it. */
function parse(value: Buffer | null): BookEvent | null {
  try {
    return JSON.parse(String(value))
  } catch {
    return null
  }
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
        const event = parse(value)
        if (event) {
          await handle(event, { topic, partition, offset })
          report.handled += 1
        }
        const next = String(BigInt(offset) + 1n)
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.committed[partition] = next
      } catch (error) {
        failure = { error }
      }
      if (failure || report.handled === max) void consumer.stop()
    },
  })
  await stopped
  if (failure) throw failure.error
  return report
}
