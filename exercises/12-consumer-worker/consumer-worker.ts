import type { ConsumerConfig, Kafka } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** One partition of one topic. */
export interface TopicPartition {
  topic: string
  partition: number
}

export interface WorkerConfig {
  topic: string
  /** For `kafka.consumer()`, as it is: the group, and how patient it is. */
  consumer: ConsumerConfig
}

/** What the worker tells its owner. */
export interface WorkerHooks {
  /** The group has given the worker these partitions: none, some or all of the topic's. */
  onAssigned(partitions: TopicPartition[]): void
  /** These partitions, the ones of the last `onAssigned`, are the worker's no more. */
  onRevoked(partitions: TopicPartition[]): void
  /** Handles one event. It may take longer than the session timeout, and it may reject. */
  onMessage(event: BookEvent, at: TopicPartition, offset: string): Promise<void>
}

export interface Worker {
  /** The member id that the group knows this worker by right now. */
  id(): string
  /** Lets the event at work end, leaves the group, and disconnects. */
  stop(): Promise<void>
}

/** Starts a member of a consumer group. Resolves when it has its first assignment; it works until `stop` is called. */
export async function runConsumerWorker(
  kafka: Kafka,
  config: WorkerConfig,
  hooks: WorkerHooks,
): Promise<Worker> {
  throw new Error('TODO runConsumerWorker: join, tell, handle, keep alive, leave')
}
