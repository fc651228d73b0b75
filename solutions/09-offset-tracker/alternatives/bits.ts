// Another way: one big number has a bit for each record of a window; the finished run is the run of ones at its low end.

export class OffsetTracker {
  #mark: bigint
  #given: bigint
  /** Delivered, and not behind the mark. Bit i of `#finished` belongs to `#window[i]`. */
  #window: bigint[] = []
  #finished = 0n
  #revoked = false

  constructor(start: bigint) {
    this.#mark = start
    this.#given = start
  }

  deliver(offset: bigint): void {
    const highest = this.#window.at(-1) ?? this.#mark - 1n
    if (!this.#revoked && offset > highest) this.#window.push(offset)
  }

  done(offset: bigint): void {
    const at = this.#window.indexOf(offset)
    if (at === -1) return
    this.#finished |= 1n << BigInt(at)
    this.#advance()
  }

  committable(): bigint | null {
    if (this.#revoked || this.#mark === this.#given) return null
    this.#given = this.#mark
    return this.#given
  }

  revoke(): void {
    this.#revoked = true
    this.#window = []
  }

  /** Moves the mark behind the ones at the low end, and takes their records out of the window. */
  #advance(): void {
    let ones = 0
    for (let bits = this.#finished; (bits & 1n) === 1n; bits >>= 1n) ones++
    this.#finished >>= BigInt(ones)
    const last = this.#window.splice(0, ones).at(-1)
    if (last !== undefined) this.#mark = last + 1n
  }
}
