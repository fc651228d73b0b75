// Another way: whole batches, resolved event by event.

import type { ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs'
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
  const everyMs = config.consumer.heartbeatInterval ?? 3_000
  let member = { id: '', owns: [] as TopicPartition[] }

  const loseAll = () => {
    if (member.owns.length > 0) hooks.onRevoked(member.owns)
    member.owns = []
  }
  consumer.on('consumer.rebalancing', loseAll)
  consumer.on('consumer.stop', loseAll)
  consumer.on('consumer.group_join', ({ payload: { memberId, memberAssignment } }) => {
    loseAll()
    const owns = Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    member = { id: memberId, owns }
    hooks.onAssigned(owns)
  })

  const eachBatch = async (payload: EachBatchPayload) => {
    const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload
    const at = { topic: batch.topic, partition: batch.partition }
    for (const { offset, value } of batch.messages) {
      if (!isRunning() || isStale()) return
      const handling = hooks.onMessage(JSON.parse(value?.toString('utf8') ?? 'null'), at, offset)
      await aliveUntil(handling, heartbeat, everyMs)
      resolveOffset(offset)
      // Commits what is resolved, then ends the batch by an error, when the group is rebalancing.
      await heartbeat()
    }
  }

  await consumer.connect()
  await consumer.subscribe({ topic: config.topic, fromBeginning: true })
  await consumer.run({ eachBatchAutoResolve: false, eachBatch })
  return { id: () => member.id, stop: () => consumer.disconnect() }
}

async function aliveUntil(work: Promise<void>, heartbeat: () => Promise<void>, everyMs: number) {
  let atWork = true
  const finished = work.finally(() => {
    atWork = false
  })
  finished.catch(() => {})
  while (atWork) {
    let timer: NodeJS.Timeout | undefined
    const later = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, everyMs)
    })
    await Promise.race([finished.catch(() => {}), later])
    clearTimeout(timer)
    if (atWork) await heartbeat().catch(() => {})
  }
  return finished
}
