/** Where a group goes on reading one partition. */
export interface CommittedOffset {
  /** The next offset to read; clients may store any number, -1 and -2 too. */
  offset: bigint
  /** -1 when the client did not say. */
  leaderEpoch: number
  metadata: string
  committedAt: number
  /** Only from old clients, which choose the end of life themselves (OffsetCommit 2 to 4). */
  expiresAt: number | null
}

/** The committed offsets of one group, by topic and partition. */
export class Offsets {
  readonly #topics = new Map<string, Map<number, CommittedOffset>>()

  get isEmpty(): boolean {
    return this.#topics.size === 0
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

  delete(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic)
    partitions?.delete(partition)
    if (partitions?.size === 0) this.#topics.delete(topic)
  }

  deleteTopic(topic: string): void {
    this.#topics.delete(topic)
  }

  /** Forgets the commits for which `isExpired` holds. */
  expire(isExpired: (topic: string, committed: CommittedOffset) => boolean): void {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, committed] of partitions) {
        if (isExpired(topic, committed)) this.delete(topic, partition)
      }
    }
  }
}
