import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import { LogSpace } from './limits.ts'
import { Log } from './log.ts'
import { NO_NODE, type Nodes } from './nodes.ts'
import { Replication } from './replication.ts'
import { TopicConfigs } from './topic-configs.ts'
import { isInternal, metricName } from './topic-names.ts'

/** One partition: who keeps it, and its records. All replicas share one log. */
export class Partition extends Replication {
  readonly index: number
  readonly log: Log

  constructor(index: number, log: Log, ...replication: ConstructorParameters<typeof Replication>) {
    super(...replication)
    this.index = index
    this.log = log
    this.updateLog()
  }

  override minInSyncChanged(): void {
    super.minInSyncChanged()
    this.updateLog()
  }

  /** To be called when the leader or the in-sync replicas changed. Wakes whoever waits for records. */
  updateLog(): void {
    if (this.leaderId !== NO_NODE) this.log.beginLeaderEpoch(this.leaderEpoch)
    this.log.holdHighWatermark(this.isUnderMinIsr)
  }
}

/** 16 random bytes in base64url, as Kafka shows a uuid (KIP-516). */
export function newTopicId(): string {
  return randomBytes(16).toString('base64url')
}

export interface Topic {
  /** A topic that is created again gets another one. */
  id: string
  name: string
  isInternal: boolean
  configs: TopicConfigs
  partitions: Partition[]
}

/** What a new topic looks like once its request was found right (see new-topic.ts). */
export interface TopicPlan {
  name: string
  /** The replicas of each partition. */
  replicas: readonly (readonly number[])[]
  configs: ReadonlyMap<string, string>
}

/** The topics of the cluster. */
export class Topics {
  readonly #clock: Clock
  readonly #settings: Settings
  readonly #nodes: Nodes
  readonly #space: LogSpace
  readonly #byName = new Map<string, Topic>()
  readonly #byId = new Map<string, Topic>()
  /** Names as those of metrics have them, where topics may not collide. */
  readonly #nameOfMetric = new Map<string, string>()
  #partitionCount = 0

  constructor(clock: Clock, settings: Settings, nodes: Nodes) {
    this.#clock = clock
    this.#settings = settings
    this.#nodes = nodes
    this.#space = new LogSpace(Number(settings['workbook.max.log.bytes']))
  }

  /** All topics, oldest first. */
  [Symbol.iterator](): Iterator<Topic> {
    return this.#byName.values()
  }

  get count(): number {
    return this.#byName.size
  }

  /** How many topics there are, and partitions of them all. */
  get amount(): { topics: number; partitions: number } {
    return { topics: this.#byName.size, partitions: this.#partitionCount }
  }

  /** Bytes of all logs. */
  get logBytes(): number {
    return this.#space.usedBytes
  }

  /** The topic whose name differs from this one in `.` and `_` alone. */
  collidingWith(name: string): string | undefined {
    const other = this.#nameOfMetric.get(metricName(name))
    return other === name ? undefined : other
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  withId(id: string): Topic | undefined {
    return this.#byId.get(id)
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#byName.get(name)?.partitions[index]
  }

  create({ name, replicas, configs }: TopicPlan): Topic {
    const topic: Topic = {
      id: newTopicId(),
      name,
      isInternal: isInternal(name),
      configs: new TopicConfigs(configs, this.#settings),
      partitions: [],
    }
    this.#byName.set(name, topic)
    this.#byId.set(topic.id, topic)
    this.#nameOfMetric.set(metricName(name), name)
    this.addPartitions(topic, replicas)
    return topic
  }

  addPartitions(topic: Topic, replicas: readonly (readonly number[])[]): void {
    const { configs } = topic
    const minInSync = () => configs.number('min.insync.replicas')
    for (const ids of replicas) {
      const index = topic.partitions.length
      const log = new Log(`${topic.name}-${index}`, configs, this.#clock, this.#space)
      topic.partitions.push(new Partition(index, log, ids, this.#nodes, minInSync))
    }
    this.#partitionCount += replicas.length
  }

  /** Forgets a topic and wakes everybody who waits for its records. */
  delete(name: string): void {
    const topic = this.#byName.get(name)
    if (!topic) return
    this.#byName.delete(name)
    this.#byId.delete(topic.id)
    this.#nameOfMetric.delete(metricName(name))
    this.#partitionCount -= topic.partitions.length
    for (const { log } of topic.partitions) log.close()
  }
}
