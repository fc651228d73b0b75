// Wrong idea: what I keep, I never lose.

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
  const { GROUP_JOIN } = consumer.events
  let memberId = ''
  let owned: TopicPartition[] = []
  consumer.on(GROUP_JOIN, ({ payload }) => {
    memberId = payload.memberId
    const mine = payload.memberAssignment[topic] ?? []
    const lost = owned.filter(({ partition }) => !mine.includes(partition))
    if (lost.length > 0) hooks.onRevoked(lost)
    owned = mine.map((partition) => ({ topic, partition }))
    hooks.onAssigned(owned)
  })

  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message: { offset, value }, heartbeat }) => {
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
      hooks.onRevoked(owned)
    },
  }
}
