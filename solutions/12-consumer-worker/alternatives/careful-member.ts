// Another way: a class that asks for a heartbeat before each event, and takes a restart by kafkajs into account.

import type { Consumer, ConsumerConfig, EachMessagePayload, IMemberAssignment, Kafka } from 'kafkajs'
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

/** What this member owns right now. Tells the owner, and never two assignments without a revocation in between. */
class Ownership {
  readonly #hooks: WorkerHooks
  #held: TopicPartition[] = []

  constructor(hooks: WorkerHooks) {
    this.#hooks = hooks
  }

  take(assignment: IMemberAssignment): void {
    this.drop() // an expulsion is not announced
    const given = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    if (given.length === 0) return
    this.#held = given
    this.#hooks.onAssigned(given.map((at) => ({ ...at })))
  }

  drop(): void {
    if (this.#held.length === 0) return
    const lost = this.#held
    this.#held = []
    this.#hooks.onRevoked(lost)
  }

  has(topic: string, partition: number): boolean {
    return this.#held.some((at) => at.topic === topic && at.partition === partition)
  }
}

/** A member with `eachMessage`; kafkajs commits, after every event. */
class GroupMember implements Worker {
  readonly #consumer: Consumer
  readonly #config: WorkerConfig
  readonly #hooks: WorkerHooks
  readonly #owned: Ownership
  #memberId = ''
  #atWork: Promise<void> = Promise.resolve() // never rejects
  #leaving = false
  #left: Promise<void> | undefined

  constructor(kafka: Kafka, config: WorkerConfig, hooks: WorkerHooks) {
    this.#consumer = kafka.consumer(config.consumer)
    this.#config = config
    this.#hooks = hooks
    this.#owned = new Ownership(hooks)
  }

  id(): string {
    return this.#memberId
  }

  async start(): Promise<void> {
    const consumer = this.#consumer
    const { GROUP_JOIN, REBALANCING, STOP, CRASH } = consumer.events
    const firstAssignment = new Promise<void>((resolve, reject) => {
      consumer.on(GROUP_JOIN, ({ payload }) => {
        this.#memberId = payload.memberId
        if (this.#leaving) return // joined once more on the way out: not worth telling
        this.#owned.take(payload.memberAssignment)
        resolve()
      })
      consumer.on(CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error)
        // A restart that was planned while the worker was stopping has to be taken back.
        else if (this.#leaving) setImmediate(() => void consumer.stop().catch(() => undefined))
      })
    })
    consumer.on(REBALANCING, () => this.#owned.drop())
    // kafkajs stops a consumer that has failed too often, and it leaves its group, before it starts it anew.
    consumer.on(STOP, () => this.#owned.drop())

    try {
      await consumer.connect()
      await consumer.subscribe({ topics: [this.#config.topic], fromBeginning: true })
      const running = consumer.run({
        autoCommitThreshold: 1,
        eachMessage: (payload) => this.#deliver(payload),
      })
      await Promise.all([running, firstAssignment])
    } catch (error) {
      await consumer.disconnect().catch(() => undefined)
      throw error
    }
  }

  stop(): Promise<void> {
    this.#left ??= this.#leave()
    return this.#left
  }

  async #leave(): Promise<void> {
    this.#leaving = true
    // From here on no further event is handed out; the rest of it waits for the event at work.
    const disconnected = this.#consumer.disconnect()
    disconnected.catch(() => undefined)
    await this.#atWork
    this.#owned.drop() // before anybody else can have them
    await disconnected
  }

  async #deliver({ topic, partition, message, heartbeat }: EachMessagePayload): Promise<void> {
    // What was fetched before a long silence may be somebody else's by now. If so, this rejects, and kafkajs joins again.
    await heartbeat()
    if (this.#leaving || !this.#owned.has(topic, partition)) {
      throw new Error(`${topic}[${partition}] is not mine: offset ${message.offset} is not handled here`)
    }

    const beat = setInterval(() => {
      // Rebalancing: the others wait for me. Expelled: kafkajs finds out by itself when this event is done.
      heartbeat().catch(() => undefined)
    }, this.#beatEvery())
    const work = this.#handle(topic, partition, message.value, message.offset)
    this.#atWork = work.then(
      () => undefined,
      () => undefined,
    )
    try {
      await work
    } catch (cause) {
      // A plain Error: a TypeError or an error that calls itself not retriable would end the consumer for good.
      throw new Error(`${topic}[${partition}] offset ${message.offset} failed`, { cause })
    } finally {
      clearInterval(beat)
    }
  }

  async #handle(topic: string, partition: number, value: Buffer | null, offset: string): Promise<void> {
    const event = JSON.parse(value?.toString() ?? '') as BookEvent
    await this.#hooks.onMessage(event, { topic, partition }, offset)
  }

  /** How often to ask for a heartbeat; kafkajs sends one only when `heartbeatInterval` is over. */
  #beatEvery(): number {
    const { heartbeatInterval = 3000, sessionTimeout = 30000 } = this.#config.consumer
    return Math.max(20, Math.min(heartbeatInterval / 3, (sessionTimeout - heartbeatInterval) / 3, 1000))
  }
}

export async function runConsumerWorker(
  kafka: Kafka,
  config: WorkerConfig,
  hooks: WorkerHooks,
): Promise<Worker> {
  const member = new GroupMember(kafka, config, hooks)
  await member.start()
  return member
}
