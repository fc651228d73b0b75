import { MalformedError } from './reader.ts'

/** The largest frame that is taken, in bytes, its length prefix not counted: Kafka's `socket.request.max.bytes`. */
export const MAX_FRAME_BYTES = 100 * 1024 * 1024

/**
 * Cuts a stream of bytes into frames, each with its INT32 length prefix, however the bytes were split on the way.
 * Bytes of an unfinished frame at the end are dropped. Throws MalformedError on a length below 0 or above `maxBytes`.
 */
export async function* frames(
  source: AsyncIterable<Buffer>,
  maxBytes = MAX_FRAME_BYTES,
): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let held = 0
  for await (const piece of source) {
    pieces.push(piece)
    held += piece.length
    // Pieces are joined only when a frame is complete, so a large frame in many pieces is copied once.
    while (held >= 4) {
      const length = lengthOf(pieces, maxBytes)
      if (held < length) break
      const joined = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, held)
      yield joined.subarray(0, length)
      pieces = joined.length > length ? [joined.subarray(length)] : []
      held -= length
    }
  }
}

/** The length of the first frame, prefix included; at least four bytes are there. */
function lengthOf(pieces: Buffer[], maxBytes: number): number {
  while ((pieces[0] as Buffer).length < 4) pieces.splice(0, 2, Buffer.concat(pieces.slice(0, 2)))
  const length = (pieces[0] as Buffer).readInt32BE(0)
  if (length < 0 || length > maxBytes) throw new MalformedError(`a frame of ${length} bytes`)
  return length + 4
}
