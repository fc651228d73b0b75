// Another way: eachBatch, which can commit while the consumer is stopping; heartbeats are an async generator.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumerConfig, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
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

const ignore = (): void => undefined

/** Yields every so often, until the work is over, well or not. */
async function* pulses(work: Promise<unknown>, every: number): AsyncGenerator<void> {
  const over = work.then(
    () => true,
    () => true,
  )
  for (;;) {
    const cancel = new AbortController()
    const pause = sleep(every, undefined, { signal: cancel.signal }).then(
      () => false,
      () => false,
    )
    const done = await Promise.race([over, pause])
    cancel.abort()
    if (done) return
    yield
  }
}

/**
 * A member with `eachBatch`. An event is resolved and committed here, right after it was handled, with the batch's own
 * `commitOffsetsIfNecessary`: that works while the consumer is being stopped, too, and an error of it that leaves
 * `eachBatch` makes kafkajs join again. A member that gets nothing is told so, with empty lists.
 */
export async function runConsumerWorker(
  kafka: Kafka,
  config: WorkerConfig,
  hooks: WorkerHooks,
): Promise<Worker> {
  const { heartbeatInterval = 3000, sessionTimeout = 30000 } = config.consumer
  const pulse = Math.max(20, Math.min(heartbeatInterval, sessionTimeout - heartbeatInterval) / 2)

  const consumer = kafka.consumer(config.consumer)
  const { GROUP_JOIN, REBALANCING, STOP, CRASH } = consumer.events

  const self: {
    memberId: string
    held: TopicPartition[] | null // null: nothing was told
    busy: Promise<void> // never rejects
    leaving: boolean
    gone: Promise<void> | null
  } = { memberId: '', held: null, busy: Promise.resolve(), leaving: false, gone: null }

  const owns = (topic: string, partition: number): boolean =>
    self.held?.some((at) => at.topic === topic && at.partition === partition) ?? false

  const revoke = (): void => {
    const lost = self.held
    self.held = null
    if (lost) hooks.onRevoked(lost)
  }

  const assign = (partitions: TopicPartition[]): void => {
    revoke()
    self.held = partitions
    hooks.onAssigned([...partitions])
  }

  const deliver = async (message: KafkaMessage, payload: EachBatchPayload): Promise<void> => {
    const { topic, partition } = payload.batch
    const work = (async () =>
      hooks.onMessage(JSON.parse(String(message.value)) as BookEvent, { topic, partition }, message.offset))()
    for await (const _ of pulses(work, pulse)) await payload.heartbeat().catch(ignore)
    try {
      await work
    } catch (cause) {
      throw new Error(`offset ${message.offset} of ${topic}[${partition}] was not handled`, { cause })
    }
    payload.resolveOffset(message.offset)
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
  }

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { topic, partition, messages } = payload.batch
    for (const message of messages) {
      // Before the event, not after it: whoever was silent for long finds out here that it was expelled.
      await payload.heartbeat()
      if (self.leaving || !payload.isRunning() || payload.isStale() || !owns(topic, partition)) return
      const delivery = deliver(message, payload)
      self.busy = delivery.catch(ignore)
      await delivery
    }
  }

  const leave = async (): Promise<void> => {
    self.leaving = true
    const disconnected = consumer.disconnect()
    disconnected.catch(ignore)
    await self.busy
    revoke()
    await disconnected
    // Had it crashed at the same time, kafkajs may have planned to start it anew: take that back.
    await consumer.stop()
  }

  const joined = new Promise<void>((resolve, reject) => {
    consumer.on(GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) => {
      self.memberId = memberId
      if (self.leaving) return
      const mine = (memberAssignment[config.topic] ?? []).map((partition) => ({
        topic: config.topic,
        partition,
      }))
      assign(mine.sort((a, b) => a.partition - b.partition))
      resolve()
    })
    consumer.on(CRASH, ({ payload }) => {
      revoke()
      if (!payload.restart) reject(payload.error)
    })
  })
  consumer.on(REBALANCING, revoke)
  consumer.on(STOP, revoke)

  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [config.topic], fromBeginning: true })
    await Promise.all([joined, consumer.run({ eachBatchAutoResolve: false, eachBatch })])
  } catch (error) {
    await leave().catch(ignore)
    throw error
  }

  return {
    id: () => self.memberId,
    stop: () => (self.gone ??= leave()),
  }
}
