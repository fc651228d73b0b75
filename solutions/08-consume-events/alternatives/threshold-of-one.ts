// Another right way: kafkajs commits by itself after every record, when told to, and says what; a failed one it must see fail.

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
  const errors: unknown[] = []
  await new Promise<void>((resolve, reject) => {
    const { COMMIT_OFFSETS, STOP, CRASH } = consumer.events
    consumer.on(COMMIT_OFFSETS, ({ payload: { topics } }) => {
      for (const { partition, offset } of topics.flatMap(({ partitions }) => partitions)) {
        report.committed[partition] = String(offset)
      }
    })
    consumer.on(STOP, () => resolve())
    consumer.on(CRASH, ({ payload }) => reject(payload.error))
    consumer
      .subscribe({ topics: [topic], fromBeginning: true })
      .then(() =>
        consumer.run({
          autoCommitThreshold: 1,
          eachMessage: async ({ topic, partition, message: { offset, value } }) => {
            try {
              await handle(JSON.parse(String(value)), { topic, partition, offset })
            } catch (error) {
              errors.push(error)
              void consumer.stop()
              throw error
            }
            report.handled += 1
            if (report.handled === max) void consumer.stop()
          },
        }),
      )
      .catch(reject)
  })
  if (errors.length > 0) throw errors[0]
  return report
}
