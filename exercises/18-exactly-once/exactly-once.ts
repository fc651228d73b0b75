import type { ConsumerConfig, Kafka } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface TransferConfig {
  /** The topic to read. Its values are events as JSON. */
  from: string
  /** The topic to write to; another one. */
  to: string
  /** The same in every run of this service. One process has it at a time. */
  transactionalId: string
  /** For kafka.consumer(), as it is; the group is in there. */
  consumer: ConsumerConfig
  /** Stop after so many events, at least 1. */
  max: number
}

/** What one call of `transferExactlyOnce` did. */
export interface RunReport {
  /** How many events were transferred. */
  transferred: number
}

/**
 * Reads the events of one topic, from where the group has left off, and writes what `f` makes of each to another topic:
 * key its `orderId`, value JSON. An event's result and its offset are committed in one transaction. Stops and resolves after
 * `max` events. Stops and rejects when `f` throws, when a transaction fails, or when somebody else has taken over the id.
 */
export async function transferExactlyOnce(
  kafka: Kafka,
  config: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  throw new Error('TODO transferExactlyOnce: read, and write results and offsets in one transaction')
}
