// Without Math.imul: multiply in two halves of 16 bits. A product of 31 and 16 bits fits into a number's 53 exactly.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

function times(value: number, factor: number): number {
  const low = value & 0xffff
  const high = value >>> 16
  return (low * factor + (((high * factor) & 0xffff) << 16)) | 0
}

/** The same mixing in one loop over single bytes: a word is mixed in when its fourth byte has come. */
export function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995
  let hash = 0x9747b28c ^ bytes.length
  let word = 0
  bytes.forEach((byte, at) => {
    word |= byte << (8 * (at % 4))
    if (at % 4 < 3) return
    word = times(word, m)
    hash = times(hash, m) ^ times(word ^ (word >>> 24), m)
    word = 0
  })
  if (bytes.length % 4 > 0) hash = times(hash ^ word, m)
  hash = times(hash ^ (hash >>> 13), m)
  return hash ^ (hash >>> 15)
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key
  // Shift the sign bit out to the left and come back with a zero.
  return ((murmur2(bytes) << 1) >>> 1) % partitions
}

/** First the list of all choices, one for each record; counting comes last. */
export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const batchOfRecord = batches.flatMap((records, batch) => new Array<number>(records).fill(batch))
  const choices = batchOfRecord.map((batch, record) => (strategy === 'sticky' ? batch : record) % partitions)
  return [...Array(partitions).keys()].map(
    (partition) => choices.filter((choice) => choice === partition).length,
  )
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const table = new Map<string, number>()
  messages.forEach(({ key }) => {
    if (typeof key === 'string' && !table.has(key)) table.set(key, partitionForKey(key, partitions))
  })
  return Object.fromEntries(table)
}
