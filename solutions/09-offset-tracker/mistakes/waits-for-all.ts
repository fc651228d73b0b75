// The wrong idea: it is safe to commit when no record is in work, and only then.

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
    if (this.delivered.some((one) => !this.finished.has(one))) return
    for (const one of this.delivered.splice(0)) this.next = one + 1n
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
