// Another way: a class that tells a crash of kafkajs from a stop, and commits with what eachBatch brings along.

import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs'
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

/** A crash begins with a STOP, too. So a STOP that we did not ask for tells nothing until this much time has passed. */
const CRASH_FOLLOWS_WITHIN_MS = 500

function eventOf(message: KafkaMessage): BookEvent {
  if (message.value === null) throw new SyntaxError(`The record at offset ${message.offset} has no value`)
  return JSON.parse(message.value.toString())
}

/**
 * One call of `consumeEvents`. It works with `eachBatch`, because the commit that a batch brings along
 * (`commitOffsetsIfNecessary` with offsets) still commits when somebody stops the consumer while an event is at work.
 */
class Consumption {
  readonly #consumer: Consumer
  readonly #topic: string
  readonly #handle: Handle
  readonly #max: number
  readonly #committed = new Map<number, string>()
  #handled = 0
  #leaving = false
  #failure: { error: unknown } | undefined

  constructor(consumer: Consumer, topic: string, handle: Handle, max: number) {
    this.#consumer = consumer
    this.#topic = topic
    this.#handle = handle
    this.#max = max
  }

  async result(): Promise<ConsumeReport> {
    if (this.#max > 0) {
      await this.#consumer.subscribe({ topics: [this.#topic], fromBeginning: true })
      await this.#runUntilOver()
    }
    if (this.#failure) throw this.#failure.error
    return { handled: this.#handled, committed: Object.fromEntries(this.#committed) }
  }

  async #runUntilOver(): Promise<void> {
    const { STOP, CRASH } = this.#consumer.events
    const forget: Array<() => void> = []
    let patience: NodeJS.Timeout | undefined
    const over = new Promise<void>((resolve) => {
      forget.push(
        this.#consumer.on(STOP, () => {
          if (this.#leaving) resolve()
          else patience = setTimeout(resolve, CRASH_FOLLOWS_WITHIN_MS)
        }),
        this.#consumer.on(CRASH, ({ payload }) => {
          clearTimeout(patience)
          if (payload.restart && !this.#leaving) return // kafkajs starts the consumer anew, and we go on
          if (!payload.restart) this.#failure ??= { error: payload.error }
          resolve()
        }),
      )
    })
    try {
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#work(payload),
      })
      await over
    } finally {
      for (const off of forget) off()
      clearTimeout(patience)
    }
  }

  async #work(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch
    for (const message of messages) {
      if (this.#leaving || !payload.isRunning() || payload.isStale()) return
      try {
        await this.#handle(eventOf(message), { topic, partition, offset: message.offset })
      } catch (error) {
        this.#failure = { error }
        this.#leave()
        return // not thrown: kafkajs would hand out the record again
      }
      const next = String(BigInt(message.offset) + 1n)
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic, partitions: [{ partition, offset: next }] }],
      })
      payload.resolveOffset(message.offset)
      this.#committed.set(partition, next)
      this.#handled += 1
      if (this.#handled >= this.#max) {
        this.#leave()
        return
      }
      await payload.heartbeat()
    }
  }

  /** Not awaited: stop() waits for the function that calls this. The event STOP tells when it is over. */
  #leave(): void {
    this.#leaving = true
    this.#consumer.stop().catch((error: unknown) => {
      this.#failure ??= { error }
    })
  }
}

export async function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  return new Consumption(consumer, topic, handle, max).result()
}
