// Another way: automatic commit is off, every event is committed by hand, and stop() waits for the last of these.

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
    revoke()
    memberId = payload.memberId
    owned = (payload.memberAssignment[topic] ?? []).map((partition) => ({ topic, partition }))
    hooks.onAssigned(owned)
  })
  let atWork = Promise.resolve()

  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const handle = async (partition: number, offset: string, value: Buffer | null) => {
    await hooks.onMessage(JSON.parse(String(value)), { topic, partition }, offset)
    await consumer
      .commitOffsets([{ topic, partition, offset: String(BigInt(offset) + 1n) }])
      .catch((error) => {
        // Refused, because the group has given this member up. Thrown on, it would stop the consumer for good.
        console.warn(`not committed: ${error.message}`)
      })
  }
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value }, heartbeat }) => {
      const timer = setInterval(() => heartbeat().catch(() => {}), settings.heartbeatInterval)
      const handling = handle(partition, offset, value).finally(() => clearInterval(timer))
      atWork = handling.catch(() => {})
      await handling
    },
  })

  return {
    id: () => memberId,
    stop: async () => {
      // The event at work still has its commit to make; nothing new is begun meanwhile.
      consumer.pause([{ topic }])
      await atWork
      await consumer.disconnect()
      revoke()
    },
  }
}
