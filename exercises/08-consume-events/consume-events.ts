import type { Consumer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Where a record lies. */
export interface Delivery {
  topic: string
  partition: number
  /** Decimal text, as everywhere in kafkajs. */
  offset: string
}

/** What one call of `consumeEvents` did. */
export interface ConsumeReport {
  /** How many events were handled, over all partitions together. */
  handled: number
  /** For every partition that this call handled events of: what is committed there now, as decimal text. */
  committed: Record<number, string>
}

/**
 * Subscribes to the topic from its beginning, hands every event to `handle`, one after the other, and commits after each.
 * Stops and resolves after `max` events, or when somebody else stops the consumer. Stops and rejects when `handle` throws
 * or a value is not JSON; nothing is committed for that record. The consumer comes connected; its owner disconnects it.
 */
export async function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  throw new Error('TODO consumeEvents: subscribe, handle, commit, stop')
}
