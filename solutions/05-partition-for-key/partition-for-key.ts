export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const SEED = 0x9747b28c
const M = 0x5bd1e995

/**
 * Kafka's murmur2, step for step as in Utils.java. Java's `int` wraps at 32 bits by itself; here every product needs
 * Math.imul, because `*` rounds a product beyond 2^53 and so loses its lower bits. `^`, `&` and `>>>` already work on
 * 32 bits.
 */
export function murmur2(bytes: Buffer): number {
  const tail = bytes.length - (bytes.length % 4)
  let hash = SEED ^ bytes.length

  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), M)
    word ^= word >>> 24
    hash = Math.imul(hash, M) ^ Math.imul(word, M)
  }

  // One to three bytes are left. As a little-endian number they stand where Java's fall-through `switch` puts them.
  if (tail < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(tail, bytes.length - tail), M)
  }

  // A last mix, so that every byte of the key has a say in the low bits that the remainder looks at.
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  // Clearing the sign bit is what Kafka's `toPositive` does. Math.abs gives other numbers, and in Java the smallest
  // int has no positive counterpart at all.
  const positive = murmur2(bytes) & 0x7fffffff
  return positive % partitions
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const counts = new Array<number>(partitions).fill(0)
  const add = (partition: number, records: number) => {
    counts[partition] = (counts[partition] ?? 0) + records
  }

  // The counter outlives a send: this is why many small sends come out even with round-robin.
  let dealt = 0
  for (const [batch, records] of batches.entries()) {
    if (strategy === 'sticky') add(batch % partitions, records)
    else for (let record = 0; record < records; record++) add(dealt++ % partitions, 1)
  }
  return counts
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const table: Record<string, number> = {}
  for (const { key } of messages) {
    // Not `if (key)`: the empty key is a key, and only null leaves the choice to the strategy.
    if (key !== null) table[key] = partitionForKey(key, partitions)
  }
  return table
}
