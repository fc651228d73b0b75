import type { Marker } from '../protocol/control-batch.ts'

/** Where a group goes on reading one partition. */
export interface CommittedOffset {
  /** The next offset to read; clients may store any number, -1 and -2 too. */
  offset: bigint
  /** -1 when the client did not say. */
  leaderEpoch: number
  metadata: string
  committedAt: number
  /** Grows with every commit: the later one of two wins, whatever becomes of their transactions. */
  order: number
  /** Only from old clients, which choose the end of life themselves (OffsetCommit 2 to 4). */
  expiresAt: number | null
}

/**
 * The committed offsets of one group, by topic and partition, and those that wait for the end of a transaction, by
 * producer id (Kafka's OffsetMetadataManager).
 */
export class Offsets {
  readonly #topics = new Map<string, Map<number, CommittedOffset>>()
  readonly #pending = new Map<bigint, Offsets>()

  get isEmpty(): boolean {
    return this.#topics.size === 0 && this.#pending.size === 0
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  /** Every topic with its partitions, in the order of their first commit. */
  topics(): Iterable<[topic: string, partitions: ReadonlyMap<number, CommittedOffset>]> {
    return this.#topics
  }

  set(topic: string, partition: number, committed: CommittedOffset): void {
    const partitions = this.#topics.get(topic) ?? new Map<number, CommittedOffset>()
    this.#topics.set(topic, partitions.set(partition, committed))
  }

  /** Keeps a commit back until the transaction of this producer ends. */
  setPending(producerId: bigint, topic: string, partition: number, committed: CommittedOffset): void {
    const pending = this.#pending.get(producerId) ?? new Offsets()
    this.#pending.set(producerId, pending)
    pending.set(topic, partition, committed)
  }

  /** Whether a transaction may still change the offset of this partition. */
  isPending(topic: string, partition: number): boolean {
    return [...this.#pending.values()].some((one) => one.get(topic, partition) !== undefined)
  }

  /**
   * Applies, or drops, what a producer's transaction kept back. A commit that came later, from outside of the transaction,
   * stays (OffsetMetadataManager.replayEndTransactionMarker).
   */
  endTransaction(producerId: bigint, marker: Marker): void {
    const pending = this.#pending.get(producerId)
    this.#pending.delete(producerId)
    if (!pending || marker === 'abort') return
    for (const [topic, partitions] of pending.topics()) {
      for (const [partition, committed] of partitions) {
        const known = this.get(topic, partition)
        if (!known || known.order < committed.order) this.set(topic, partition, committed)
      }
    }
  }

  /** Forgets one commit, pending ones too. */
  delete(topic: string, partition: number): void {
    for (const pending of this.#pending.values()) pending.delete(topic, partition)
    const partitions = this.#topics.get(topic)
    partitions?.delete(partition)
    if (partitions?.size === 0) this.#topics.delete(topic)
  }

  deleteTopic(topic: string): void {
    for (const pending of this.#pending.values()) pending.deleteTopic(topic)
    this.#topics.delete(topic)
  }

  /** Forgets the commits for which `isExpired` holds, unless a transaction may still change them. */
  expire(isExpired: (topic: string, committed: CommittedOffset) => boolean): void {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, committed] of partitions) {
        if (this.isPending(topic, partition)) continue
        if (isExpired(topic, committed)) this.delete(topic, partition)
      }
    }
  }
}
