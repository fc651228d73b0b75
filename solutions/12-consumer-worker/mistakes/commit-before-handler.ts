// Wrong idea: commit first, so that nobody else takes this event.

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

  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message: { offset, value }, heartbeat }) => {
      const next = String(BigInt(offset) + 1n)
      await consumer.commitOffsets([{ topic, partition, offset: next }]).catch(() => {})
      const timer = setInterval(() => heartbeat().catch(() => {}), settings.heartbeatInterval)
      try {
        await hooks.onMessage(JSON.parse(String(value)), { topic, partition }, offset)
      } finally {
        clearInterval(timer)
      }
    },
  })

  return {
    id: () => memberId,
    stop: async () => {
      await consumer.disconnect()
      revoke()
    },
  }
}
