// The wrong idea: the highest finished record says how far the work has come.

export class OffsetTracker {
  private next: bigint
  private committed: bigint
  private delivered: bigint[] = []
  private revoked = false

  constructor(start: bigint) {
    this.next = start
    this.committed = start
  }

  deliver(offset: bigint): void {
    if (this.revoked || offset < this.next || this.delivered.includes(offset)) return
    this.delivered.push(offset)
  }

  done(offset: bigint): void {
    if (this.revoked || !this.delivered.includes(offset)) return
    this.delivered = this.delivered.filter((one) => one !== offset)
    if (offset >= this.next) this.next = offset + 1n
  }

  committable(): bigint | null {
    if (this.revoked || this.next === this.committed) return null
    this.committed = this.next
    return this.next
  }

  revoke(): void {
    this.revoked = true
  }
}
