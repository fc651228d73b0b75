// Nothing but whole numbers: BigInt for the sizing and for the hash, and reachable partitions by walking through the hashes.

export interface Load {
  averagePerSecond: number
  peakPerSecond: number
  headroomPercent: number
  writtenPerPartition: number
  handledPerConsumer: number
  members: number
}

export type Limit = 'producers' | 'consumers' | 'members'

export interface PartitionPlan {
  partitions: number
  needs: Record<Limit, number>
  limit: Limit
}

export interface KeyMove {
  key: string
  from: number
  to: number
  holds: number[]
}

export interface RemapReport {
  keys: KeyMove[]
  movedShare: number
  reachable: number[][]
  orderAtRisk: boolean
}

export function planPartitions(load: Load): PartitionPlan {
  const load100 = BigInt(load.peakPerSecond) * BigInt(100 + load.headroomPercent)
  // Rounding up: one less, divided, one more.
  const share = (capacity: number) => Number((load100 - 1n) / (100n * BigInt(capacity)) + 1n)
  const producers = share(load.writtenPerPartition)
  const consumers = share(load.handledPerConsumer)
  const needs = { producers, consumers, members: load.members }
  if (producers >= consumers && producers >= load.members)
    return { partitions: producers, needs, limit: 'producers' }
  if (consumers >= load.members) return { partitions: consumers, needs, limit: 'consumers' }
  return { partitions: load.members, needs, limit: 'members' }
}

export function remap(keys: string[], from: number, to: number): RemapReport {
  if (from > to) throw new RangeError('partitions cannot be taken away')
  const reachable: number[][] = Array.from({ length: from }, () => [])
  // After from * to hashes the pairs of remainders repeat.
  for (let hash = 0; hash < from * to; hash++) {
    const targets = reachable[hash % from] as number[]
    if (!targets.includes(hash % to)) targets.push(hash % to)
  }
  for (const targets of reachable) targets.sort((a, b) => a - b)
  const rows: KeyMove[] = []
  let moved = 0
  for (const key of keys) {
    const hash = murmur2(Buffer.from(key))
    const [before, after] = [Number(hash % BigInt(from)), Number(hash % BigInt(to))]
    const holds = before === after ? [before] : [Math.min(before, after), Math.max(before, after)]
    if (before !== after) moved += 1
    rows.push({ key, from: before, to: after, holds })
  }
  return { keys: rows, movedShare: moved / Math.max(1, keys.length), reachable, orderAtRisk: moved !== 0 }
}

/** Kafka's hash without its sign bit. */
function murmur2(bytes: Buffer): bigint {
  const m = 0x5bd1e995n
  const low = (value: bigint) => BigInt.asUintN(32, value)
  let hash = low(0x9747b28cn ^ BigInt(bytes.length))
  let rest = bytes
  for (; rest.length >= 4; rest = rest.subarray(4)) {
    const word = low(BigInt(rest.readUInt32LE()) * m)
    hash = low(hash * m) ^ low((word ^ (word >> 24n)) * m)
  }
  if (rest.length > 0) hash = low((hash ^ BigInt(rest.readUIntLE(0, rest.length))) * m)
  hash = low((hash ^ (hash >> 13n)) * m)
  return BigInt.asUintN(31, hash ^ (hash >> 15n))
}
