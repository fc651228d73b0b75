/** Which offset of one partition may be committed while its records are handled several at a time. */
export class OffsetTracker {
  /** What the group has: the start, then the last offset that was handed out for a commit. */
  private committed: bigint
  /** One more than the last record of the finished run at the front. */
  private next: bigint
  /** Delivered and not yet passed by `next`, in the order of the log (a Map keeps it): finished or not. */
  private readonly inWork = new Map<bigint, boolean>()
  private revoked = false

  constructor(start: bigint) {
    this.committed = start
    this.next = start
  }

  deliver(offset: bigint): void {
    // A record that comes twice keeps its state: what is finished stays finished.
    if (this.revoked || offset < this.next || this.inWork.has(offset)) return
    this.inWork.set(offset, false)
  }

  done(offset: bigint): void {
    // Also false once revoked: then nothing is in work. The record is finished all the same, and its new owner repeats it.
    if (!this.inWork.has(offset)) return
    this.inWork.set(offset, true)
    // The front moves over what was delivered, not over all numbers: there are offsets that no consumer ever gets.
    for (const [delivered, finished] of this.inWork) {
      if (!finished) return
      this.inWork.delete(delivered)
      this.next = delivered + 1n
    }
  }

  committable(): bigint | null {
    if (this.revoked || this.next === this.committed) return null
    this.committed = this.next
    return this.next
  }

  revoke(): void {
    this.revoked = true
    this.inWork.clear()
  }
}
