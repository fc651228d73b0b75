// Another way: a class for the `int` of Java, which multiplies in halves of 16 bits, so that nothing is rounded away.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const TWO_31 = 2 ** 31

/** An `int` of Java. Its value is signed. */
class Int {
  static readonly M = new Int(0x5bd1e995)
  readonly value: number

  constructor(value: number) {
    this.value = value | 0
  }

  times(other: Int): Int {
    const low = this.value & 0xffff
    const high = this.value >>> 16
    const otherLow = other.value & 0xffff
    const otherHigh = other.value >>> 16
    const middle = (high * otherLow + low * otherHigh) & 0xffff
    return new Int(low * otherLow + middle * 0x10000)
  }

  xor(other: Int): Int {
    return new Int(this.value ^ other.value)
  }

  xorShifted(by: number): Int {
    return new Int(this.value ^ (this.value >>> by))
  }

  /** Without its sign bit: not the absolute value, but the number modulo 2^31. */
  positive(): number {
    return ((this.value % TWO_31) + TWO_31) % TWO_31
  }
}

function hashOf(bytes: Buffer): Int {
  // A Buffer may be a window into a larger ArrayBuffer.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const full = bytes.byteLength - (bytes.byteLength % 4)
  let h = new Int(0x9747b28c).xor(new Int(bytes.byteLength))
  for (let at = 0; at < full; at += 4) {
    const k = new Int(view.getInt32(at, true)).times(Int.M).xorShifted(24).times(Int.M)
    h = h.times(Int.M).xor(k)
  }
  if (full < bytes.byteLength) {
    let rest = 0
    for (let at = bytes.byteLength - 1; at >= full; at--) rest = (rest << 8) | view.getUint8(at)
    h = h.xor(new Int(rest)).times(Int.M)
  }
  return h.xorShifted(13).times(Int.M).xorShifted(15)
}

export function murmur2(bytes: Buffer): number {
  return hashOf(bytes).value
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = Buffer.isBuffer(key) ? key : Buffer.from(new TextEncoder().encode(key))
  return hashOf(bytes).positive() % partitions
}

const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0)

const strategies: Record<Strategy, (batches: number[], partitions: number, partition: number) => number> = {
  // Where a send stops does not matter for the counts: it is one long deal of all records.
  'round-robin': (batches, partitions, partition) => Math.ceil((sum(batches) - partition) / partitions),
  sticky: (batches, partitions, partition) => sum(batches.filter((_, i) => i % partitions === partition)),
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  // Math.ceil gives -0 for a partition that the deal does not reach.
  return Array.from({ length: partitions }, (_, p) =>
    Math.max(0, strategies[strategy](batches, partitions, p)),
  )
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const table = new Map<string, number>()
  for (const { key } of messages) {
    if (key === null || table.has(key)) continue
    table.set(key, partitionForKey(key, partitions))
  }
  return Object.fromEntries(table)
}
