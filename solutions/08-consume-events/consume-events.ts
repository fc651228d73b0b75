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
  if (max <= 0) return report

  const { COMMIT_OFFSETS, STOP } = consumer.events
  // Heard, not computed: once somebody has called stop(), commitOffsets() resolves and does nothing.
  const forget = consumer.on(COMMIT_OFFSETS, ({ payload }) => {
    for (const { partition, offset } of payload.topics.flatMap(({ partitions }) => partitions)) {
      // String: the type promises text, but kafkajs hands out its own Long.
      report.committed[partition] = String(offset)
    }
  })
  // Whoever stops the consumer, we or our caller, ends this call. kafkajs also stops before it reports a crash of its own.
  const stopped = new Promise<void>((resolve) => {
    consumer.on(STOP, () => {
      forget()
      resolve()
    })
  })
  let failure: { error: unknown } | undefined

  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value } }) => {
      try {
        await handle(JSON.parse(value?.toString() ?? ''), { topic, partition, offset })
        // The next offset to read, not the last one handled. BigInt, because offsets outgrow numbers.
        const next = (BigInt(offset) + 1n).toString()
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.handled += 1
      } catch (error) {
        // Thrown from here, it would go to kafkajs, which calls us again with the same record.
        failure = { error }
      }
      // Not awaited: stop() waits for this very function. It takes effect at once, so the rest of the batch is dropped.
      if (failure || report.handled >= max) void consumer.stop()
    },
  })
  // run() resolves when the consumer has joined its group. The work goes on until it has stopped.
  await stopped
  if (failure) throw failure.error
  return report
}
