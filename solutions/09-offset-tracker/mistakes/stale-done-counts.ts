// The wrong idea: a finished record is finished, whenever that is said.

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
    if (this.revoked) return
    this.finished.add(offset)
    this.advance()
  }

  committable(): bigint | null {
    this.advance()
    if (this.revoked || this.next === this.committed) return null
    this.committed = this.next
    return this.next
  }

  revoke(): void {
    this.revoked = true
  }

  private advance(): void {
    while (this.delivered[0] !== undefined && this.finished.has(this.delivered[0])) {
      this.finished.delete(this.delivered[0])
      this.next = this.delivered[0] + 1n
      this.delivered.shift()
    }
  }
}
