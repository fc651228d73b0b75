import type { Fault } from '../kafka/wiretap/faults.ts'
import type { Commit, Exchange, ProducedRecord } from '../kafka/wiretap/journal.ts'
import type { Calls, Play } from './playing.ts'

/** A record as the broker stored it. Offsets are strings, as in kafkajs. */
export interface StoredRecord {
  partition: number
  offset: string
  /** Milliseconds since the epoch. */
  timestamp: number
  /** The key as UTF-8 text, or null. */
  key: string | null
  value: string | null
  keyBytes: Buffer | null
  valueBytes: Buffer | null
  /** UTF-8 text; the last one wins when a name repeats. `headerList` has them all, in order. */
  headers: Record<string, string>
  headerList: [name: string, value: Buffer | null][]
}

/** A record for `topic.append`. */
export interface NewRecord {
  partition?: number
  key?: string | null
  value: string | null
  headers?: Record<string, string | null>
  timestamp?: number
}

/** A topic, read from the broker's state and not through the wiretap. */
export interface TopicView {
  readonly name: string
  /** Every stored record, ordered by partition, then offset. Reads up to the high watermark. */
  records(): Promise<StoredRecord[]>
  /** The next offset to be written, by partition, as strings. */
  endOffsets(): Promise<Record<number, string>>
  /** Number of partitions, or null when the topic does not exist. */
  partitions(): Promise<number | null>
  /** The value of a topic configuration, or null when the topic does not exist. */
  config(name: string): Promise<string | null>
  /** Creates the topic, before or during a scene. */
  create(options: { partitions: number; config?: Record<string, string> }): Promise<void>
  /** Writes records as another producer would; each goes to its `partition` (default 0). One batch per partition. */
  append(records: NewRecord[]): Promise<void>
}

/** A consumer group, read from the broker's state. */
export interface GroupView {
  readonly name: string
  /** The committed offset of every partition of the topic: the next offset to read, or null without a commit. */
  committed(topic?: string): Promise<Record<number, string | null>>
  /** `Empty`, `Stable`, `PreparingRebalance`, `CompletingRebalance` or `Dead`. */
  state(): Promise<string>
  /** Client ids of the members. */
  members(): Promise<string[]>
}

/** What the wiretap saw in this check so far, over all scenes. Look at it after a scene has ended, or at a pause. */
export interface WireView {
  /** Every exchange, or those of one API: `wire.requests('Produce')`. */
  requests(api?: string): Exchange[]
  /** Every record that was sent, in order. */
  produced(): ProducedRecord[]
  /** Every committed partition, in order. */
  commits(): Commit[]
  /**
   * Injects a fault into the requests that follow, on every broker alike: `wire.fault({ api: 'Produce', cutAnswer: true })`.
   * Throws when it cannot be done.
   */
  fault(fault: Fault): void
}

/** Random input that can be repeated: the seed is printed with every failed check. */
export interface Random {
  /** Whole number from `from` up to and including `to`. */
  int(from: number, to: number): number
  pick<T>(of: readonly T[]): T
  /** A copy in another order. */
  shuffle<T>(of: readonly T[]): T[]
  /** `ORD-` and a random number. */
  orderId(): string
  /** Random UTF-8 text of up to `length` characters, two- and four-byte characters among them. */
  text(length: number): string
  bytes(length: number): Buffer
}

/** What a check gets. */
export interface Fixtures<T> {
  play: T extends { scenes: infer Scenes } ? Play<Scenes> : never
  answer: T extends { answer: infer Answer } ? Calls<Answer> : never
  /** This check's own topic, with as many partitions as `checksFor` says (default 3). */
  topic: TopicView
  group: GroupView
  /** Any other topic; use names that start with `topic.name`, so that nothing collides. */
  topicNamed(name: string): TopicView
  /** Any other group; use names that start with `group.name`, so that nothing collides. */
  groupNamed(name: string): GroupView
  /** The broker's address as the answer sees it, `127.0.0.1:40123`. */
  address: string
  wire: WireView
  random: Random
  /**
   * A short session timeout that the broker in force takes, in milliseconds: for scenes that wait until a killed
   * member is missed. Deadlines grow with it.
   */
  sessionTimeoutMs: number
}

export interface CheckOptions {
  /** The id, or ids, of checks of the same file that must pass first. */
  after?: string | string[]
  /** Shown, but not needed to pass. */
  stretch?: boolean
  points?: number
  /** The exported function that this check is about: a failed check points to it. Default: the first one. */
  about?: string
  /** Milliseconds for each scene; default from `checksFor`, else 5000. */
  deadlineMs?: number
}

type CheckBody<T> = (fixtures: Fixtures<T>) => Promise<void> | void

/** Declares one check: a stable id, a full sentence about Kafka, and the code that finds out whether it holds. */
export interface CheckFunction<T> {
  (id: string, title: string, body: CheckBody<T>): void
  (id: string, title: string, options: CheckOptions, body: CheckBody<T>): void
}
