// Nothing is kept but what happened, in order; every question is answered by reading it from the beginning.

type Entry = { what: 'delivered' | 'done'; offset: bigint }

export class OffsetTracker {
  private readonly start: bigint
  private readonly journal: Entry[] = []
  private told: bigint
  private revokedAt = Number.POSITIVE_INFINITY

  constructor(start: bigint) {
    this.start = start
    this.told = start
  }

  deliver(offset: bigint): void {
    this.journal.push({ what: 'delivered', offset })
  }

  done(offset: bigint): void {
    this.journal.push({ what: 'done', offset })
  }

  committable(): bigint | null {
    const front = this.front()
    if (front <= this.told || this.revokedAt <= this.journal.length) return null
    this.told = front
    return front
  }

  revoke(): void {
    this.revokedAt = this.journal.length
  }

  private front(): bigint {
    let front = this.start
    let inWork: { offset: bigint; done: boolean }[] = []
    for (const { what, offset } of this.journal) {
      const known = inWork.find((one) => one.offset === offset)
      if (what === 'delivered' && !known && offset >= front) inWork.push({ offset, done: false })
      if (what === 'done' && known) known.done = true
      const run = inWork.findIndex((one) => !one.done)
      const finished = run === -1 ? inWork : inWork.slice(0, run)
      front = (finished.at(-1)?.offset ?? front - 1n) + 1n
      inWork = inWork.slice(finished.length)
    }
    return front
  }
}
