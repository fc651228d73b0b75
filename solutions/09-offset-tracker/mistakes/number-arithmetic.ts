// The wrong idea: an offset is a number like any other.

export class OffsetTracker {
  private next: number
  private committed: number
  private delivered: number[] = []
  private finished = new Set<number>()
  private revoked = false

  constructor(start: bigint) {
    this.next = Number(start)
    this.committed = Number(start)
  }

  deliver(offset: bigint): void {
    if (this.revoked || Number(offset) < this.next) return
    this.delivered.push(Number(offset))
  }

  done(offset: bigint): void {
    if (this.revoked || !this.delivered.includes(Number(offset))) return
    this.finished.add(Number(offset))
    while (this.delivered[0] !== undefined && this.finished.has(this.delivered[0])) {
      this.finished.delete(this.delivered[0])
      this.next = this.delivered[0] + 1
      this.delivered.shift()
    }
  }

  committable(): bigint | null {
    if (this.revoked || this.next === this.committed) return null
    this.committed = this.next
    return BigInt(this.next)
  }

  revoke(): void {
    this.revoked = true
  }
}
