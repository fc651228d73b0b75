// The other way round: only what is unfinished is kept. Everything before the first unfinished record may be committed.

export class OffsetTracker {
  private readonly unfinished = new Set<bigint>()
  private highest: bigint
  private last: bigint
  private mine = true

  constructor(start: bigint) {
    this.highest = start - 1n
    this.last = start
  }

  deliver(offset: bigint): void {
    // At or below the highest one: it was delivered before, or lies before the start.
    if (offset <= this.highest) return
    this.highest = offset
    this.unfinished.add(offset)
  }

  done(offset: bigint): void {
    this.unfinished.delete(offset)
  }

  committable(): bigint | null {
    if (!this.mine) return null
    // A Set keeps the order in which things came. No record lies between the finished run and the first unfinished one,
    // so that offset says the same as one more than the run's last.
    const [first = this.highest + 1n] = this.unfinished
    if (first <= this.last) return null
    this.last = first
    return first
  }

  revoke(): void {
    this.mine = false
  }
}
