// The wrong idea: an offset identifies a record.

const finished = new Set<bigint>()

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
    finished.add(offset)
  }

  committable(): bigint | null {
    while (this.delivered[0] !== undefined && finished.has(this.delivered[0])) {
      this.next = this.delivered[0] + 1n
      this.delivered.shift()
    }
    if (this.revoked || this.next === this.committed) return null
    this.committed = this.next
    return this.next
  }

  revoke(): void {
    this.revoked = true
  }
}
