// Another right way: the events leave kafkajs at once and wait in a queue, with their partition paused until its event is done.

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

interface Waiting {
  partition: number
  offset: string
  value: Buffer | null
  resume(): void
}

export async function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  const committed: Record<number, string> = {}
  let handled = 0
  if (max <= 0) return { handled, committed }

  const queue: Waiting[] = []
  let stopped = false
  let wakeUp = () => {}
  consumer.on(consumer.events.STOP, () => {
    stopped = true
    wakeUp()
  })
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    for (const { partition, offset } of payload.topics[0]?.partitions ?? []) {
      committed[partition] = String(offset)
    }
  })
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value }, pause }) => {
      queue.push({ partition, offset, value, resume: pause() })
      wakeUp()
    },
  })
  try {
    while (!stopped && handled < max) {
      const next = queue.shift()
      if (!next) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve
        })
        continue
      }
      const { partition, offset, value, resume } = next
      await handle(JSON.parse(String(value)), { topic, partition, offset })
      handled += 1
      // The consumer may have left its group by now: nothing of ours was at work inside kafkajs, so stop() did not wait.
      if (stopped) break
      await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(offset) + 1n) }])
      if (!stopped) resume()
    }
  } finally {
    await consumer.stop()
  }
  return { handled, committed }
}
