// The wrong idea: Java writes `k *= m`, so JavaScript can, too.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const SEED = 0x9747b28c
const M = 0x5bd1e995

export function murmur2(bytes: Buffer): number {
  const words = Math.floor(bytes.length / 4)
  let hash = SEED ^ bytes.length
  for (let i = 0; i < words; i++) {
    let word = bytes.readInt32LE(i * 4)
    word *= M
    word ^= word >>> 24
    word *= M
    hash *= M
    hash ^= word
  }
  const tail = words * 4
  const rest = bytes.length - tail
  if (rest > 0) {
    hash ^= bytes.readUIntLE(tail, rest)
    hash *= M
  }
  hash ^= hash >>> 13
  hash *= M
  hash ^= hash >>> 15
  return hash
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  return (murmur2(bytes) & 0x7fffffff) % partitions
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const counts = new Array<number>(partitions).fill(0)
  let dealt = 0
  for (const [batch, records] of batches.entries()) {
    for (let record = 0; record < records; record++) {
      const partition = (strategy === 'sticky' ? batch : dealt++) % partitions
      counts[partition] = (counts[partition] ?? 0) + 1
    }
  }
  return counts
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const table: Record<string, number> = {}
  for (const { key } of messages) {
    if (key !== null) table[key] = partitionForKey(key, partitions)
  }
  return table
}
