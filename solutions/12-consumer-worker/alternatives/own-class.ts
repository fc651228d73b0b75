// Another way: a class that is the worker, and heartbeats that follow each other instead of a timer.

import type { Consumer, ConsumerConfig, EachMessagePayload, Kafka } from 'kafkajs'
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
  const member = new Member(kafka.consumer(config.consumer), config, hooks)
  await member.start()
  return member
}

class Member implements Worker {
  private memberId = ''
  private partitions: number[] = []
  private readonly consumer: Consumer
  private readonly config: WorkerConfig
  private readonly hooks: WorkerHooks

  constructor(consumer: Consumer, config: WorkerConfig, hooks: WorkerHooks) {
    this.consumer = consumer
    this.config = config
    this.hooks = hooks
  }

  async start(): Promise<void> {
    const { consumer } = this
    const { topic } = this.config
    consumer.on(consumer.events.REBALANCING, () => this.own([]))
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.own([])
      this.memberId = payload.memberId
      this.own(payload.memberAssignment[topic] ?? [])
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommitThreshold: 1, eachMessage: (payload) => this.handle(payload) })
  }

  id(): string {
    return this.memberId
  }

  async stop(): Promise<void> {
    await this.consumer.stop()
    this.own([])
    await this.consumer.disconnect()
  }

  /** From having one set of partitions to having another; one of the two is always empty. */
  private own(partitions: number[]): void {
    const { topic } = this.config
    const named = (numbers: number[]) => numbers.map((partition) => ({ topic, partition }))
    if (this.partitions.length > 0) this.hooks.onRevoked(named(this.partitions))
    this.partitions = partitions
    if (partitions.length > 0) this.hooks.onAssigned(named(partitions))
  }

  private async handle({ topic, partition, message, heartbeat }: EachMessagePayload): Promise<void> {
    const beating = new AbortController()
    void this.beat(heartbeat, beating.signal)
    try {
      await this.hooks.onMessage(JSON.parse(String(message.value)), { topic, partition }, message.offset)
    } finally {
      beating.abort()
    }
  }

  private async beat(heartbeat: () => Promise<void>, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await new Promise((resolve) => setTimeout(resolve, this.config.consumer.heartbeatInterval ?? 3_000))
      if (!over.aborted) await heartbeat().catch(() => {})
    }
  }
}
