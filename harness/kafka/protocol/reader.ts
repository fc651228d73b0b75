/** Thrown when bytes end too early or break the grammar: the connection that sent them is closed, as Kafka does. */
export class MalformedError extends Error {
  override name = 'MalformedError'
}

/**
 * So many array items a message may have in all. An item of one byte becomes an object of a hundred: without an end to
 * them, one frame of `socket.request.max.bytes` would take more memory than there is. Kafka has no such limit. 20,000
 * partitions on three nodes take 140,000 items of a Metadata answer.
 */
const MAX_ITEMS = 400_000

/** Reads the primitive types of the Kafka protocol from one buffer, big-endian, moving forward. */
export class Reader {
  readonly buffer: Buffer
  offset: number
  /** True once the message is at or past its first flexible version (KIP-482): compact lengths, tag buffers. */
  flexible: boolean
  /** Array items that were claimed so far. */
  itemsRead = 0
  private readonly maxItems: number

  constructor(buffer: Buffer, offset = 0, flexible = false, maxItems = MAX_ITEMS) {
    this.buffer = buffer
    this.offset = offset
    this.flexible = flexible
    this.maxItems = maxItems
  }

  get remaining(): number {
    return this.buffer.length - this.offset
  }

  /** Claims the next `bytes` bytes and returns where they start. */
  private take(bytes: number): number {
    if (bytes < 0 || bytes > this.remaining) {
      throw new MalformedError(`${bytes} bytes expected at ${this.offset}, ${this.remaining} left`)
    }
    const start = this.offset
    this.offset += bytes
    return start
  }

  /** To be called before `count` items are read. Every item takes at least one byte, so a promise of more is a lie. */
  claimItems(count: number): void {
    if (count > this.remaining) {
      throw new MalformedError(`${count} items at ${this.offset}, ${this.remaining} bytes left`)
    }
    this.itemsRead += Math.max(0, count)
    if (this.itemsRead > this.maxItems) throw new MalformedError(`too many items before ${this.offset}`)
  }

  int8(): number {
    return this.buffer.readInt8(this.take(1))
  }

  int16(): number {
    return this.buffer.readInt16BE(this.take(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.take(4))
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.take(4))
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.take(8))
  }

  /** Unsigned base-128 integer of at most 32 bits, least significant group first. */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.buffer[this.take(1)] as number
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    // A fifth byte has room for four bits more, and must be the last.
    const byte = this.buffer[this.take(1)] as number
    if (byte > 0x0f) throw new MalformedError(`varint of more than 32 bits before ${this.offset}`)
    return (value | (byte << 28)) >>> 0
  }

  /** Zigzag base-128 integer of 32 bits. */
  varint(): number {
    const raw = this.uvarint()
    return (raw >>> 1) ^ -(raw & 1)
  }

  /** Zigzag base-128 integer of 64 bits. */
  varlong(): bigint {
    // Most of them take one byte, and need no arithmetic of bigints.
    const next = this.buffer[this.offset] ?? 0x80
    if (next < 0x80) return BigInt(this.varint())
    let raw = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.take(1)] as number
      raw |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        if (raw > 0xffffffffffffffffn) break
        return (raw >> 1n) ^ -(raw & 1n)
      }
    }
    throw new MalformedError(`varlong of more than 64 bits before ${this.offset}`)
  }

  /** A view of the next `length` bytes; it shares memory with the message. */
  raw(length: number): Buffer {
    const start = this.take(length)
    return this.buffer.subarray(start, start + length)
  }

  /** Length of a string: INT16, or uvarint of length + 1 when flexible. -1 is null. */
  stringLength(): number {
    return this.flexible ? this.uvarint() - 1 : this.int16()
  }

  /** Length of bytes or of an array: INT32, or uvarint of length + 1 when flexible. -1 is null. */
  length(): number {
    return this.flexible ? this.uvarint() - 1 : this.int32()
  }

  /** Skips the tag buffer that ends every flexible structure. Unknown tags are dropped, as KIP-482 asks. */
  skipTags(): void {
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint()
      this.raw(this.uvarint())
    }
  }
}
