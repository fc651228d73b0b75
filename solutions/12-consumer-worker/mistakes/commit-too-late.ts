// Wrong idea: REBALANCING is the moment to commit: kafkajs waits for my listener before it gives the partitions up.

import { setTimeout as sleep } from 'node:timers/promises'
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
  const done = new Map<number, bigint>()
  let atWork = Promise.resolve()
  const commit = async () => {
    const offsets = [...done].map(([partition, offset]) => ({
      topic,
      partition,
      offset: String(offset + 1n),
    }))
    done.clear()
    if (offsets.length > 0) await consumer.commitOffsets(offsets).catch(() => {})
  }
  const revoke = () => {
    if (owned.length > 0) hooks.onRevoked(owned)
    owned = []
  }
  consumer.on(REBALANCING, async () => {
    revoke()
    // Whoever was told may need a moment to come to an end.
    await sleep(300)
    await commit()
  })
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
      const timer = setInterval(() => heartbeat().catch(() => {}), settings.heartbeatInterval)
      atWork = hooks
        .onMessage(JSON.parse(String(value)), { topic, partition }, offset)
        .then(() => void done.set(partition, BigInt(offset)))
        .finally(() => clearInterval(timer))
      await atWork
    },
  })

  return {
    id: () => memberId,
    stop: async () => {
      consumer.pause([{ topic }])
      await atWork.catch(() => {})
      await commit()
      await consumer.disconnect()
      revoke()
    },
  }
}
