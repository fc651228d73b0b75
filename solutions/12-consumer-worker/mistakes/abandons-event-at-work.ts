// Wrong idea: when a heartbeat fails, the partition is lost, and the event at work with it.

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
  config: WorkerConfig,
  hooks: WorkerHooks,
): Promise<Worker> {
  const consumer = kafka.consumer(config.consumer)
  const { GROUP_JOIN, REBALANCING, STOP, CRASH } = consumer.events
  const beatEvery = (config.consumer.heartbeatInterval ?? 3000) / 2

  let memberId = ''
  let owned: TopicPartition[] = []
  let stopped: Promise<void> | undefined
  let atWork: Promise<unknown> = Promise.resolve()

  const revoke = (): void => {
    if (owned.length === 0) return
    const lost = owned
    owned = []
    hooks.onRevoked(lost)
  }

  const joined = new Promise<void>((resolve, reject) => {
    consumer.on(GROUP_JOIN, ({ payload }) => {
      memberId = payload.memberId
      if (stopped) return
      revoke()
      owned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      )
      if (owned.length > 0) hooks.onAssigned([...owned])
      resolve()
    })
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error)
    })
  })
  consumer.on(REBALANCING, revoke)
  consumer.on(STOP, revoke)

  const handle = async (value: Buffer | null, at: TopicPartition, offset: string): Promise<void> => {
    try {
      await hooks.onMessage(JSON.parse(String(value)) as BookEvent, at, offset)
    } catch (cause) {
      // A plain Error, because kafkajs gives up for good on a TypeError.
      throw new Error(`event at offset ${offset} failed`, { cause })
    }
  }

  await consumer.connect()
  await consumer.subscribe({ topics: [config.topic], fromBeginning: true })
  await Promise.all([
    joined,
    consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async ({ topic, partition, message, heartbeat }) => {
        await heartbeat()
        let beat: NodeJS.Timeout | undefined
        // When the heartbeat fails, the partition is not ours any more: give up the event at once and let kafkajs rejoin.
        const lost = new Promise<never>((_, reject) => {
          beat = setInterval(() => heartbeat().catch(reject), beatEvery)
        })
        const work = handle(message.value, { topic, partition }, message.offset)
        atWork = work.catch(() => undefined)
        try {
          await Promise.race([work, lost])
        } finally {
          clearInterval(beat)
        }
      },
    }),
  ])

  const leave = async (): Promise<void> => {
    const disconnected = consumer.disconnect()
    disconnected.catch(() => undefined)
    await atWork
    revoke()
    await disconnected
  }

  return {
    id: () => memberId,
    stop: () => (stopped ??= leave()),
  }
}
