// The wrong idea: the offset goes up by one for every record.

export class OffsetTracker {
  private next: bigint
  private committed: bigint
  private delivered: bigint[] = []
  private finished = new Set<bigint>()
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
    this.finished.add(offset)
    while (this.delivered[0] !== undefined && this.finished.has(this.delivered[0])) {
      this.finished.delete(this.delivered[0])
      this.next += 1n
      this.delivered.shift()
    }
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
