// Written from the page alone. First verdict: passed.
// Wrong: believes that a resolved commitOffsets() has committed. When somebody stops the consumer while an event is at work, commitOffsets() does nothing, in silence: the event is handled, reported in `handled` and `committed`, but not committed, and the group gets it again.
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

  const state: { over: boolean; failure?: { error: unknown } } = { over: false }
  const finish = (): void => {
    state.over = true
    // Not awaited, because stop() waits for eachMessage.
    void consumer.stop()
  }

  await consumer.subscribe({ topics: [topic], fromBeginning: true })

  const removers: Array<() => void> = []
  const stopped = new Promise<void>((resolve) => {
    removers.push(consumer.on(consumer.events.STOP, () => resolve()))
    removers.push(
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) state.failure ??= { error: payload.error }
        resolve()
      }),
    )
  })

  try {
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        if (state.over) return
        try {
          if (message.value === null) throw new SyntaxError('not JSON: the record has no value')
          const event = JSON.parse(message.value.toString()) as BookEvent
          await handle(event, { topic, partition, offset: message.offset })
        } catch (error) {
          state.failure = { error }
          finish()
          return
        }
        const next = (BigInt(message.offset) + 1n).toString()
        await consumer.commitOffsets([{ topic, partition, offset: next }])
        report.handled += 1
        report.committed[partition] = next
        if (report.handled >= max) finish()
      },
    })
    await stopped
  } finally {
    for (const remove of removers) remove()
  }

  if (state.failure) throw state.failure.error
  return report
}
