// Written from the page alone. First verdict: failed, mistake unsigned-hash.
// Wrong: takes "clear the sign bit" for "make it unsigned" (>>> 0), so a negative hash gives h + 2^32 instead of h & 0x7fffffff; the page wants -930031565 -> 1217452083. It agrees with kafkajs only when `partitions` is a power of two.
export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const M = 0x5bd1e995

export function murmur2(bytes: Buffer): number {
  const full = bytes.length & ~3
  let h = 0x9747b28c ^ bytes.length
  for (let i = 0; i < full; i += 4) {
    let k = Math.imul(bytes.readInt32LE(i), M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const left = bytes.length - full
  if (left > 0) h = Math.imul(h ^ bytes.readUIntLE(full, left), M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  // The hash may be negative and a partition may not: read the 32 bits without a sign.
  return (murmur2(bytes) >>> 0) % partitions
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const counts = new Array<number>(partitions).fill(0)
  const add = (partition: number, n: number): void => {
    counts[partition] = (counts[partition] ?? 0) + n
  }
  let next = 0
  batches.forEach((size, batch) => {
    if (strategy === 'sticky') {
      add(batch % partitions, size)
    } else {
      for (let i = 0; i < size; i++) add(next++ % partitions, 1)
    }
  })
  return counts
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const rows = messages
    .filter((message): message is KeyedMessage & { key: string } => message.key !== null)
    .map(({ key }): [string, number] => [key, partitionForKey(key, partitions)])
  return Object.fromEntries(rows)
}
