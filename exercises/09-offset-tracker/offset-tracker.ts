/**
 * Which offset of one partition may be committed while its records are handled several at a time, and finish in any order.
 * Offsets are bigint: they grow beyond what a number can count.
 */
export class OffsetTracker {
  /** `start` is the offset that the group has committed: the first one that may be delivered. */
  constructor(start: bigint) {
    throw new Error('TODO OffsetTracker: remember where this partition starts')
  }

  /** A record was handed to a worker. Offsets come in rising order, with gaps where the log has none. */
  deliver(offset: bigint): void {
    throw new Error('TODO deliver: this record is in work now')
  }

  /** A worker has finished the record with this offset. */
  done(offset: bigint): void {
    throw new Error('TODO done: this record is finished')
  }

  /** The offset to commit now, or null when there is nothing new since the last time. */
  committable(): bigint | null {
    throw new Error('TODO committable: how far is everything finished?')
  }

  /** The partition was taken away: it belongs to another member now. */
  revoke(): void {
    throw new Error('TODO revoke: from now on, this tracker has no say')
  }
}
