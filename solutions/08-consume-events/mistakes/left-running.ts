// Wrong idea: the promise has resolved, so the consumer has nothing left to do.

import type { Consumer, EachMessageHandler } from 'kafkajs'
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

export function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  const report: ConsumeReport = { handled: 0, committed: {} }
  return new Promise((resolve, reject) => {
    if (max === 0) return resolve(report)
    let ended = false
    consumer.on(consumer.events.STOP, () => resolve(report))
    const eachMessage: EachMessageHandler = async ({ partition, message: { offset, value } }) => {
      if (ended) return
      try {
        await handle(JSON.parse(String(value)), { topic, partition, offset })
        const next = String(BigInt(offset) + 1n)
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.committed[partition] = next
        report.handled += 1
      } catch (error) {
        ended = true
        reject(error)
      }
      if (report.handled === max) {
        ended = true
        resolve(report)
      }
    }
    consumer
      .subscribe({ topics: [topic], fromBeginning: true })
      .then(() => consumer.run({ autoCommit: false, eachMessage }))
      .catch(reject)
  })
}
