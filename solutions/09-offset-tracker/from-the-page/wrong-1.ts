// Written from the page alone. First verdict: failed, mistake state-after-revoke.
// Wrong: after revoke() only new work is ignored, but what had finished before is still given out once ("the last commit"); by the page committable() is always null from then on, because another member owns the partition.
interface Entry {
  offset: bigint
  finished: boolean
}

/**
 * Which offset of one partition may be committed while its records are handled several at a time, and finish in any order.
 */
export class OffsetTracker {
  #mark: bigint
  #given: bigint
  #closed = false
  readonly #queue: Entry[] = []
  readonly #byOffset = new Map<bigint, Entry>()

  constructor(start: bigint) {
    this.#mark = start
    this.#given = start
  }

  deliver(offset: bigint): void {
    if (this.#closed || offset < this.#mark || this.#byOffset.has(offset)) return
    const entry: Entry = { offset, finished: false }
    this.#queue.push(entry)
    this.#byOffset.set(offset, entry)
  }

  done(offset: bigint): void {
    const entry = this.#byOffset.get(offset)
    if (this.#closed || entry === undefined) return
    entry.finished = true
    for (let first = this.#queue[0]; first?.finished; first = this.#queue[0]) {
      this.#queue.shift()
      this.#byOffset.delete(first.offset)
      this.#mark = first.offset + 1n
    }
  }

  committable(): bigint | null {
    if (this.#mark === this.#given) return null
    this.#given = this.#mark
    return this.#mark
  }

  revoke(): void {
    // What is in work will be handled again by the next owner. What is finished can still be committed.
    this.#closed = true
    this.#queue.length = 0
    this.#byOffset.clear()
  }
}
