import type { Readable } from 'node:stream'
import { deserialize, serialize } from 'node:v8'

/** No frame may be larger: 64 MiB. */
export const FRAME_LIMIT_BYTES = 64 * 1024 * 1024

const LENGTH_BYTES = 4
const NO_SEAL = Buffer.alloc(0)

/**
 * One message as bytes: a 4-byte big-endian length, the seal, and the value in structured-clone form (node:v8).
 * The seal is a secret that both ends know; what comes without it is not from us.
 * Throws a RangeError for a value above 64 MiB, and V8's DataCloneError for a function and the like.
 */
export function encodeFrame(value: unknown, seal: Buffer = NO_SEAL): Buffer {
  const body = serialize(value)
  const length = seal.length + body.length
  if (length > FRAME_LIMIT_BYTES)
    throw new RangeError(`a message of ${length} bytes is above ${FRAME_LIMIT_BYTES}`)
  const header = Buffer.alloc(LENGTH_BYTES)
  header.writeUInt32BE(length)
  return Buffer.concat([header, seal, body])
}

interface FrameHandlers {
  onMessage(message: unknown): void
  /** The stream carries something that is not a frame of ours; nothing more is read from it. */
  onBroken(): void
}

/** Reads frames from a stream until it ends or breaks. */
export function readFrames(stream: Readable, handlers: FrameHandlers, seal: Buffer = NO_SEAL): void {
  let chunks: Buffer[] = []
  let held = 0
  /** Length of the body that comes next, or null while its header is awaited. */
  let bodyBytes: number | null = null
  let broken = false

  const take = (bytes: number): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    chunks = [all.subarray(bytes)]
    held = all.length - bytes
    return all.subarray(0, bytes)
  }

  /** The next whole body, or null when more bytes must come first. */
  const nextBody = (): Buffer | null => {
    if (bodyBytes === null) {
      if (held < LENGTH_BYTES) return null
      bodyBytes = take(LENGTH_BYTES).readUInt32BE()
      if (bodyBytes > FRAME_LIMIT_BYTES) throw new RangeError('the frame is too long')
    }
    if (held < bodyBytes) return null
    const body = take(bodyBytes)
    bodyBytes = null
    if (!body.subarray(0, seal.length).equals(seal)) throw new RangeError('the seal is missing')
    return body.subarray(seal.length)
  }

  const nextMessage = (): { message: unknown } | null => {
    try {
      const body = nextBody()
      return body && { message: deserialize(body) }
    } catch {
      broken = true
      chunks = []
      handlers.onBroken()
      return null
    }
  }

  stream.on('data', (chunk: Buffer) => {
    if (broken) return
    chunks.push(chunk)
    held += chunk.length
    for (let next = nextMessage(); next; next = nextMessage()) handlers.onMessage(next.message)
  })
}
