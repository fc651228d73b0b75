// BigInt has no limit of 53 bits: multiply exactly, then keep the lower 32. Slower than Math.imul, and easy to trust.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const M = 0x5bd1e995n
const lower32 = (value: bigint) => BigInt.asUintN(32, value)

/** All bits stay unsigned, so `>>` shifts in zeros as Java's `>>>` does. The result is unsigned, too. */
export function murmur2(bytes: Buffer): number {
  let hash = lower32(0x9747b28cn ^ BigInt(bytes.length))
  let rest = bytes
  for (; rest.length >= 4; rest = rest.subarray(4)) {
    const word = lower32(BigInt(rest.readUInt32LE()) * M)
    hash = lower32(hash * M) ^ lower32((word ^ (word >> 24n)) * M)
  }
  if (rest.length > 0) {
    for (const [place, byte] of rest.entries()) hash ^= BigInt(byte) << BigInt(8 * place)
    hash = lower32(hash * M)
  }
  hash = lower32((hash ^ (hash >> 13n)) * M)
  return Number(hash ^ (hash >> 15n))
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  // Dropping the top bit of 32 unsigned bits is the remainder by 2^31.
  return (murmur2(bytes) % 2 ** 31) % partitions
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const total = sum(batches)
  return Array.from({ length: partitions }, (_, partition) =>
    strategy === 'sticky'
      ? sum(batches.filter((_, batch) => batch % partitions === partition))
      : Math.floor(total / partitions) + (partition < total % partitions ? 1 : 0),
  )
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const keys = new Set(messages.flatMap(({ key }) => (key === null ? [] : [key])))
  return Object.fromEntries([...keys].map((key) => [key, partitionForKey(key, partitions)]))
}
