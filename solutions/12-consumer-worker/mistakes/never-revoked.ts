// Wrong idea: the next assignment says all there is to say.

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
  consumer.on(GROUP_JOIN, ({ payload }) => {
    memberId = payload.memberId
    const partitions = payload.memberAssignment[topic] ?? []
    hooks.onAssigned(partitions.map((partition) => ({ topic, partition })))
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

  return { id: () => memberId, stop: () => consumer.disconnect() }
}
