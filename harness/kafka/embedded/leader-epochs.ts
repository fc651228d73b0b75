/** The epoch of a leader, and the offset that its records begin with. */
interface EpochEntry {
  epoch: number
  startOffset: bigint
}

/** Up to where a log holds the records of a leader. */
export interface EpochEnd {
  leaderEpoch: number
  endOffset: bigint
}

/** In the place of an epoch and of its end: not known. */
export const UNDEFINED_EPOCH_END: EpochEnd = { leaderEpoch: -1, endOffset: -1n }

/** Which leader wrote which records of a log (KIP-101, Kafka's LeaderEpochFileCache). */
export class LeaderEpochs {
  /** Both grow from entry to entry. */
  #entries: EpochEntry[] = []

  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1
  }

  /** The epoch of the first record from `startOffset` on; -1 when it is not known. */
  earliestAt(startOffset: bigint): number {
    const [first] = this.#entries
    return first && first.startOffset <= startOffset ? first.epoch : -1
  }

  /** A new leader begins; whoever led before and wrote nothing is forgotten. */
  begin(epoch: number, startOffset: bigint): void {
    if (epoch <= this.latest) return
    this.#entries = this.#entries.filter((one) => one.startOffset < startOffset)
    this.#entries.push({ epoch, startOffset })
  }

  /**
   * The largest epoch up to `epoch` that the log knows, and where the next one begins, `logEnd` for the latest
   * (LeaderEpochFileCache.endOffsetFor). An epoch that is older than all is answered as it was asked for.
   */
  endOf(epoch: number, logEnd: bigint): EpochEnd {
    if (epoch < 0) return UNDEFINED_EPOCH_END
    if (epoch === this.latest) return { leaderEpoch: epoch, endOffset: logEnd }
    const higher = this.#entries.find((one) => one.epoch > epoch)
    if (!higher) return UNDEFINED_EPOCH_END
    const floor = this.#entries.findLast((one) => one.epoch <= epoch)
    return { leaderEpoch: floor?.epoch ?? epoch, endOffset: higher.startOffset }
  }

  /** Forgets the leaders whose records all lie before a new start of the log. */
  forgetBefore(startOffset: bigint): void {
    const before = this.#entries.filter((one) => one.startOffset <= startOffset)
    const last = before.at(-1)
    if (!last) return
    this.#entries = [{ epoch: last.epoch, startOffset }, ...this.#entries.slice(before.length)]
  }
}
