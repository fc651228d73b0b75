import { MalformedError } from './reader.ts'

/** The largest frame that is taken, in bytes, its length prefix not counted: Kafka's `socket.request.max.bytes`. */
export const MAX_FRAME_BYTES = 100 * 1024 * 1024

/**
 * Cuts a stream of bytes into frames, each with its INT32 length prefix, however the bytes were split on the way.
 * Bytes of an unfinished frame at the end are dropped. Throws MalformedError on a length below 0 or above `maxBytes`.
 * Memory is taken for bytes that came, never for a length that was only promised.
 */
export async function* frames(
  source: AsyncIterable<Buffer>,
  maxBytes = MAX_FRAME_BYTES,
): AsyncGenerator<Buffer> {
  const unfinished = new Unfinished()
  for await (const piece of source) {
    let bytes = unfinished.with(piece)
    let end = endOfFrame(bytes, maxBytes)
    while (end <= bytes.length) {
      yield bytes.subarray(0, end)
      bytes = bytes.subarray(end)
      end = endOfFrame(bytes, maxBytes)
    }
    unfinished.keep(bytes)
  }
}

/** Where the frame that `bytes` begin with ends; Infinity while its length is not there yet. */
function endOfFrame(bytes: Buffer, maxBytes: number): number {
  if (bytes.length < 4) return Number.POSITIVE_INFINITY
  const length = bytes.readInt32BE(0)
  if (length < 0 || length > maxBytes) throw new MalformedError(`a frame of ${length} bytes`)
  return length + 4
}

/**
 * The beginning of a frame, in one buffer that doubles: a peer that sends one byte at a time costs no more memory than
 * one that sends all at once, and each byte is copied a few times at most.
 */
class Unfinished {
  #store = Buffer.alloc(0)
  #held = 0

  /** Everything that is held, and `piece` after it. */
  with(piece: Buffer): Buffer {
    if (this.#held === 0) return piece
    this.#append(piece)
    return this.#store.subarray(0, this.#held)
  }

  /** Holds `rest`, the end of what `with` gave. What was given out before it is never overwritten. */
  keep(rest: Buffer): void {
    const isHeld = this.#held > 0 && rest.length === this.#held
    if (isHeld) return
    this.#store = Buffer.alloc(0)
    this.#held = 0
    if (rest.length > 0) this.#append(rest)
  }

  #append(piece: Buffer): void {
    const needed = this.#held + piece.length
    if (needed > this.#store.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#store.length * 2))
      this.#store.copy(larger, 0, 0, this.#held)
      this.#store = larger
    }
    piece.copy(this.#store, this.#held)
    this.#held = needed
  }
}
