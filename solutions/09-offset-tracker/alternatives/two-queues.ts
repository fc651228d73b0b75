// Two lists, sorted by themselves because offsets are delivered in rising order: delivered ones, and a set of finished ones.

export class OffsetTracker {
  #mark: bigint
  #given: bigint
  #waiting: bigint[] | null = []
  readonly #finished = new Set<bigint>()

  constructor(start: bigint) {
    this.#mark = start
    this.#given = start
  }

  deliver(offset: bigint): void {
    const last = this.#waiting?.at(-1) ?? this.#mark - 1n
    if (offset > last && offset >= this.#mark) this.#waiting?.push(offset)
  }

  done(offset: bigint): void {
    if (this.#waiting?.includes(offset)) this.#finished.add(offset)
  }

  /** All the work is done here: the front moves when somebody asks. */
  committable(): bigint | null {
    if (this.#waiting === null) return null
    while (this.#waiting.length > 0 && this.#finished.delete(this.#waiting[0] as bigint)) {
      this.#mark = (this.#waiting.shift() as bigint) + 1n
    }
    const isNew = this.#mark > this.#given
    this.#given = this.#mark
    return isNew ? this.#mark : null
  }

  revoke(): void {
    this.#waiting = null
  }
}
