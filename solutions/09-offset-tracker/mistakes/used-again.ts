// The wrong idea: after a revoke, the tracker is as good as new.

export class OffsetTracker {
  private next: bigint
  private committed: bigint
  private delivered: bigint[] = []
  private finished = new Set<bigint>()

  constructor(start: bigint) {
    this.next = start
    this.committed = start
  }

  deliver(offset: bigint): void {
    if (offset < this.next || this.delivered.includes(offset)) return
    this.delivered.push(offset)
  }

  done(offset: bigint): void {
    if (!this.delivered.includes(offset)) return
    this.finished.add(offset)
    while (this.delivered[0] !== undefined && this.finished.has(this.delivered[0])) {
      this.finished.delete(this.delivered[0])
      this.next = this.delivered[0] + 1n
      this.delivered.shift()
    }
  }

  committable(): bigint | null {
    if (this.next === this.committed) return null
    this.committed = this.next
    return this.next
  }

  revoke(): void {
    // Empty, and ready for the next assignment.
    this.delivered = []
    this.finished.clear()
    this.committed = this.next
  }
}
