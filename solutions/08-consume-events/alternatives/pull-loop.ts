// Another right way: the loop that kafkajs hides. Its pushes become a stream that we pull from, one record at a time.

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

interface Pushed extends Delivery {
  value: Buffer | null
  /** Lets kafkajs go on to the next record. */
  done(): void
}

/** Every record of the topic, until the consumer is stopped. Leaving the loop stops the consumer, however it is left. */
async function* records(consumer: Consumer, topic: string): AsyncGenerator<Pushed> {
  let offer: (pushed: Pushed | null) => void = () => {}
  let offered = new Promise<Pushed | null>((resolve) => {
    offer = resolve
  })
  const forget = consumer.on(consumer.events.STOP, () => offer(null))
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ partition, message: { offset, value } }) =>
      new Promise((done) => offer({ topic, partition, offset, value, done })),
  })
  let current: Pushed | null = null
  try {
    while (true) {
      current = await offered
      if (!current) return
      offered = new Promise((resolve) => {
        offer = resolve
      })
      yield current
      current.done()
    }
  } finally {
    // stop() first, so that kafkajs pushes nothing more when the record in hand is given back.
    const stopped = consumer.stop()
    current?.done()
    await stopped
    forget()
  }
}

export async function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  const committed: Record<number, string> = {}
  let handled = 0
  if (max === 0) return { handled, committed }
  // The broker's word: it gives none when the consumer was stopped while the record in hand was at work.
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    for (const { partitions } of payload.topics) {
      for (const { partition, offset } of partitions) committed[partition] = `${offset}`
    }
  })
  for await (const { partition, offset, value } of records(consumer, topic)) {
    await handle(JSON.parse(`${value}`) as BookEvent, { topic, partition, offset })
    await consumer.commitOffsets([{ topic, partition, offset: `${BigInt(offset) + 1n}` }])
    handled += 1
    if (handled === max) break
  }
  return { handled, committed }
}
