import { firstIndex } from './first-index.ts'
import { Segment, type StoredBatch } from './segment.ts'

/** Where a batch lies: in which segment, and where in it. */
export interface BatchPlace {
  segment: Segment
  index: number
}

export interface ReadLimits {
  /** No batch from this offset on: the high watermark, or the last stable offset. */
  end: bigint
  maxBytes: number
  wholeFirst: boolean
}

/** The segments of one log, oldest first; the last one, the active segment, takes what is appended (LogSegments). */
export class Segments {
  #all: Segment[]

  constructor(nowMs: number) {
    this.#all = [new Segment(0n, nowMs)]
  }

  get all(): readonly Segment[] {
    return this.#all
  }

  get active(): Segment {
    return this.#all.at(-1) as Segment
  }

  /** Bytes of all batches that are kept. */
  get heldBytes(): number {
    return this.#all.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
  }

  /** Those that begin before `end`, from the one that holds `from` on (LogSegments.values). */
  between(from: bigint, end: bigint): readonly Segment[] {
    return from >= end ? [] : this.#all.slice(this.#holding(from), this.#firstFrom(end))
  }

  /** Those from the one that holds `from` on, without the active one (LogSegments.nonActiveLogSegmentsFrom). */
  closedFrom(from: bigint): readonly Segment[] {
    return this.active.baseOffset < from ? [] : this.#all.slice(this.#holding(from), -1)
  }

  /** The first batch that ends at `offset` or later; undefined when there is none. */
  find(offset: bigint): BatchPlace | undefined {
    for (let at = this.#holding(offset); at < this.#all.length; at++) {
      const segment = this.#all[at] as Segment
      const index = segment.indexOf(offset)
      if (index < segment.batches.length) return { segment, index }
    }
    return undefined
  }

  /** Batches of one segment from the one with `offset` on (see Log.read). */
  read(offset: bigint, { end, maxBytes, wholeFirst }: ReadLimits): Buffer[] {
    const found: Buffer[] = []
    const place = this.find(offset)
    if (!place) return found
    let left = maxBytes
    for (let index = place.index; index < place.segment.batches.length; index++) {
      const { bytes, baseOffset } = place.segment.batches[index] as StoredBatch
      const comesAnyway = wholeFirst && found.length === 0
      if (baseOffset >= end || (bytes.length > left && !comesAnyway)) break
      found.push(bytes)
      left -= bytes.length
    }
    return found
  }

  /** The segment that holds `offset`, or would hold it. */
  holding(offset: bigint): Segment {
    return this.#all[this.#holding(offset)] as Segment
  }

  /** Where the next segment begins; undefined for the active one. */
  endOf({ baseOffset }: Segment): bigint | undefined {
    return this.#all[this.#firstFrom(baseOffset + 1n)]?.baseOffset
  }

  /** Closes the active segment and begins a new one; an empty active segment begins anew. */
  roll(baseOffset: bigint, nowMs: number): void {
    if (this.active.baseOffset === baseOffset) this.#all.pop()
    this.#all.push(new Segment(baseOffset, nowMs))
  }

  /** Frees the batches that lie wholly before `offset`; the segments stay. */
  freeBefore(offset: bigint): void {
    for (const segment of this.between(0n, offset)) segment.freeBefore(offset)
  }

  /** Takes the oldest `count` segments away. */
  deleteOldest(count: number): void {
    this.#all = this.#all.slice(count)
  }

  /** Puts `cleaned` in the place of `old`, a run of closed segments. */
  replace(old: readonly Segment[], cleaned: Segment): void {
    this.#all.splice(this.#all.indexOf(old[0] as Segment), old.length, cleaned)
  }

  #firstFrom(offset: bigint): number {
    return firstIndex(this.#all, ({ baseOffset }) => baseOffset >= offset)
  }

  #holding(offset: bigint): number {
    return Math.max(0, firstIndex(this.#all, ({ baseOffset }) => baseOffset > offset) - 1)
  }
}
