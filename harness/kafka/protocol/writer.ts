/** From this size on, bytes are not copied but handed on: records are by far the largest part of a message. */
const LARGE = 16 * 1024

/** The largest message that is written, in bytes, as large as what is read. Kafka's own end is the INT32 of the length. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024

/** Thrown when a message grows beyond all measure: the connection that asked for it is closed. */
export class OversizedError extends Error {
  override name = 'OversizedError'
}

/** Writes the primitive types of the Kafka protocol, big-endian, into a buffer that grows. */
export class Writer {
  /** What comes before `buffer`. */
  private finished: Buffer[] = []
  private buffer: Buffer
  /** Bytes in `buffer`, and in all. */
  private length = 0
  private total = 0
  /** True once the message is at or past its first flexible version (KIP-482). */
  flexible: boolean

  constructor(flexible = false, capacity = 256) {
    this.buffer = Buffer.allocUnsafe(capacity)
    this.flexible = flexible
  }

  /** The bytes written so far, in one piece. */
  bytes(): Buffer {
    const [first = this.buffer, ...others] = this.pieces()
    return others.length === 0 ? first : Buffer.concat([first, ...others])
  }

  /** The bytes written so far, without a copy: large ones are those that were given. The first piece is never one of these. */
  pieces(): Buffer[] {
    return [...this.finished, this.buffer.subarray(0, this.length)]
  }

  /** Starts again; what `bytes` returned before is overwritten. */
  clear(): void {
    this.finished = []
    this.length = 0
    this.total = 0
  }

  /** Counts bytes that are about to be written. Throws OversizedError when they are too many. */
  private count(bytes: number): void {
    this.total += bytes
    if (this.total > MAX_MESSAGE_BYTES)
      throw new OversizedError(`a message of more than ${MAX_MESSAGE_BYTES} bytes`)
  }

  private grow(bytes: number): number {
    this.count(bytes)
    const start = this.length
    const end = start + bytes
    if (end > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.buffer.length * 2))
      this.buffer.copy(larger, 0, 0, start)
      this.buffer = larger
    }
    this.length = end
    return start
  }

  private uint8(value: number): void {
    const at = this.grow(1)
    this.buffer[at] = value
  }

  int8(value: number): void {
    const at = this.grow(1)
    this.buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.grow(2)
    this.buffer.writeInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.grow(4)
    this.buffer.writeInt32BE(value, at)
  }

  uint32(value: number): void {
    const at = this.grow(4)
    this.buffer.writeUInt32BE(value, at)
  }

  int64(value: bigint): void {
    const at = this.grow(8)
    this.buffer.writeBigInt64BE(value, at)
  }

  /** Unsigned base-128 integer of at most 32 bits, least significant group first. */
  uvarint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.uint8((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.uint8(rest)
  }

  /** Zigzag base-128 integer of 32 bits. */
  varint(value: number): void {
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** Zigzag base-128 integer of 64 bits. */
  varlong(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (rest > 0x7fn) {
      this.uint8(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.uint8(Number(rest))
  }

  raw(bytes: Buffer): void {
    if (bytes.length >= LARGE) {
      this.handOn(bytes)
    } else {
      const at = this.grow(bytes.length)
      bytes.copy(this.buffer, at)
    }
  }

  private handOn(bytes: Buffer): void {
    this.count(bytes.length)
    this.finished.push(this.buffer.subarray(0, this.length), bytes)
    this.buffer = this.buffer.subarray(this.length)
    this.length = 0
  }

  stringLength(length: number): void {
    if (this.flexible) this.uvarint(length + 1)
    else this.int16(length)
  }

  arrayLength(length: number): void {
    if (this.flexible) this.uvarint(length + 1)
    else this.int32(length)
  }

  /** The empty tag buffer that ends every flexible structure. */
  noTags(): void {
    this.uvarint(0)
  }
}
