// The wrong idea: an offset says how many records were handled.

export class OffsetTracker {
  private handled = 0n
  private committed = 0n
  private delivered: bigint[] = []
  private finished = new Set<bigint>()
  private revoked = false

  constructor(start: bigint) {
    if (start < 0n) throw new RangeError('offsets are not negative')
  }

  deliver(offset: bigint): void {
    if (!this.revoked) this.delivered.push(offset)
  }

  done(offset: bigint): void {
    if (this.revoked || !this.delivered.includes(offset)) return
    this.finished.add(offset)
    while (this.delivered[0] !== undefined && this.finished.delete(this.delivered[0])) {
      this.delivered.shift()
      this.handled += 1n
    }
  }

  committable(): bigint | null {
    if (this.revoked || this.handled === this.committed) return null
    this.committed = this.handled
    return this.handled
  }

  revoke(): void {
    this.revoked = true
  }
}
