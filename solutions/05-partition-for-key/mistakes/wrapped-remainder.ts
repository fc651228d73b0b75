// The wrong idea: a negative remainder is mended by adding the number of partitions once.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const SEED = 0x9747b28c
const M = 0x5bd1e995

export function murmur2(bytes: Buffer): number {
  const tail = bytes.length - (bytes.length % 4)
  let hash = SEED ^ bytes.length
  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), M)
    word ^= word >>> 24
    hash = Math.imul(hash, M) ^ Math.imul(word, M)
  }
  if (tail < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(tail, bytes.length - tail), M)
  }
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  return ((murmur2(bytes) % partitions) + partitions) % partitions
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
