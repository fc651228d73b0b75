import type { ConsumerConfig, Kafka } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface TopicPartition {
  topic: string
  partition: number
}

export interface WorkerConfig {
  topic: string
  consumer: ConsumerConfig
}

export interface WorkerHooks {
  onAssigned(partitions: TopicPartition[]): void
  onRevoked(partitions: TopicPartition[]): void
  onMessage(event: BookEvent, at: TopicPartition, offset: string): Promise<void>
}

export interface Worker {
  id(): string
  stop(): Promise<void>
}

export async function runConsumerWorker(
  kafka: Kafka,
  { topic, consumer: settings }: WorkerConfig,
  hooks: WorkerHooks,
): Promise<Worker> {
  const consumer = kafka.consumer(settings)
  const { GROUP_JOIN, REBALANCING } = consumer.events
  let memberId = ''
  let owned: TopicPartition[] = []

  const revoke = () => {
    if (owned.length > 0) hooks.onRevoked(owned)
    owned = []
  }
  consumer.on(REBALANCING, revoke)
  consumer.on(GROUP_JOIN, ({ payload }) => {
    // A member that was expelled hears of no rebalance. That it has joined anew is all it is told.
    revoke()
    memberId = payload.memberId
    owned = (payload.memberAssignment[topic] ?? []).map((partition) => ({ topic, partition }))
    hooks.onAssigned(owned)
  })

  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  // run() resolves when the worker has joined; GROUP_JOIN came before.
  await consumer.run({
    // kafkajs commits an event when eachMessage has returned, and sees to it where we could not: before it joins again in a
    // rebalance, and when it is told to stop while an event is at work. consumer.commitOffsets() does nothing by then.
    autoCommitThreshold: 1,
    eachMessage: ({ partition, message: { offset, value }, heartbeat }) => {
      const event: BookEvent = JSON.parse(value?.toString() ?? '')
      return whileBeating(heartbeat, settings.heartbeatInterval ?? 3_000, () =>
        hooks.onMessage(event, { topic, partition }, offset),
      )
    },
  })

  return {
    id: () => memberId,
    stop: async () => {
      // Waits for the event at work, and leaves the group: its partitions are free at once.
      await consumer.disconnect()
      revoke()
    },
  }
}

/** Heartbeats while `work` goes on: kafkajs itself sends none between two calls of eachMessage. */
async function whileBeating(heartbeat: () => Promise<void>, everyMs: number, work: () => Promise<void>) {
  const timer = setInterval(() => {
    // An error here is news for later: REBALANCE_IN_PROGRESS waits until this event is done. It counts as a heartbeat.
    heartbeat().catch(() => {})
  }, everyMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}
