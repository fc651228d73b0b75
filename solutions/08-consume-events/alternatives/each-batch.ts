// Another right way: eachBatch, which leaves the loop over the records, and the moment of each commit, to us.

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

type Handle = (event: BookEvent, at: Delivery) => Promise<void>

export function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: Handle,
  max: number,
): Promise<ConsumeReport> {
  const report: ConsumeReport = { handled: 0, committed: {} }
  return new Promise((resolve, reject) => {
    if (max === 0) return resolve(report)
    let end = () => resolve(report)
    consumer.on(consumer.events.STOP, () => end())
    const stop = () => void consumer.stop()

    const run = async () => {
      await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // Unlike consumer.commitOffsets(), commitOffsetsIfNecessary() also commits while the consumer is being stopped.
        eachBatch: async ({ batch, commitOffsetsIfNecessary, resolveOffset, heartbeat, isRunning }) => {
          const { partition } = batch
          for (const message of batch.messages) {
            if (!isRunning()) return
            try {
              await handle(JSON.parse(String(message.value)), { topic, partition, offset: message.offset })
              const offset = String(BigInt(message.offset) + 1n)
              await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
              resolveOffset(message.offset)
              report.committed[partition] = offset
            } catch (error) {
              end = () => reject(error)
              return stop()
            }
            if (++report.handled === max) return stop()
            await heartbeat()
          }
        },
      })
    }
    run().catch(reject)
  })
}
