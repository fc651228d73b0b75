import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import { Log } from './log.ts'
import { TopicConfigs } from './topic-configs.ts'
import { isInternal } from './topic-names.ts'

export interface Partition {
  index: number
  /** Node ids; the first is the preferred leader. */
  replicas: readonly number[]
  leaderId: number
  leaderEpoch: number
  log: Log
}

export interface Topic {
  /** 16 random bytes in base64url; a topic that is created again gets another one (KIP-516). */
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
  readonly #byName = new Map<string, Topic>()

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock
    this.#settings = settings
  }

  /** All topics, oldest first. */
  [Symbol.iterator](): Iterator<Topic> {
    return this.#byName.values()
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#byName.get(name)?.partitions[index]
  }

  create({ name, replicas, configs }: TopicPlan): Topic {
    const topic: Topic = {
      id: randomBytes(16).toString('base64url'),
      name,
      isInternal: isInternal(name),
      configs: new TopicConfigs(configs, this.#settings),
      partitions: [],
    }
    this.#byName.set(name, topic)
    this.addPartitions(topic, replicas)
    return topic
  }

  addPartitions(topic: Topic, replicas: readonly (readonly number[])[]): void {
    for (const nodes of replicas) {
      const index = topic.partitions.length
      topic.partitions.push({
        index,
        replicas: nodes,
        leaderId: nodes[0] as number,
        leaderEpoch: 0,
        log: new Log(`${topic.name}-${index}`, topic.configs, this.#clock),
      })
    }
  }

  /** Forgets a topic and wakes everybody who waits for its records. */
  delete(name: string): void {
    const topic = this.#byName.get(name)
    this.#byName.delete(name)
    for (const { log } of topic?.partitions ?? []) log.wakeWatchers()
  }
}
