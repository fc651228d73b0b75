// Multiplies as one does by hand, in base 2: one shifted copy for each bit that is set in the factor.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

const BITS_OF_M = [...(0x5bd1e995).toString(2)]
  .reverse()
  .flatMap((bit, place) => (bit === '1' ? [place] : []))

/** The lower 32 bits of `value * m`. Every step stays below 2^33, so no bit is rounded away. */
const timesM = (value: number) => BITS_OF_M.reduce((sum, place) => (sum + (value << place)) | 0, 0)

const mix = (value: number, by: number) => value ^ (value >>> by)

function fold(hash: number, bytes: readonly number[]): number {
  const word = bytes.slice(0, 4).reduce((sum, byte, place) => sum | (byte << (8 * place)), 0)
  if (bytes.length === 0) return hash
  if (bytes.length < 4) return timesM(hash ^ word)
  return fold(timesM(hash) ^ timesM(mix(timesM(word), 24)), bytes.slice(4))
}

export function murmur2(bytes: Buffer): number {
  return mix(timesM(mix(fold(0x9747b28c ^ bytes.length, [...bytes]), 13)), 15)
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const hash = murmur2(Buffer.from(key as string))
  // Of a negative hash only the sign bit goes, and that bit is worth 2^31.
  return (hash < 0 ? hash + 2 ** 31 : hash) % partitions
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const ones = (records: number) => Array.from({ length: records }, () => 1)
  const turns = strategy === 'sticky' ? batches : batches.flatMap(ones)
  return Array.from({ length: partitions }, (_, partition) => {
    let records = 0
    for (let turn = partition; turn < turns.length; turn += partitions) records += turns[turn] ?? 0
    return records
  })
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  return Object.assign(
    Object.create(null),
    ...messages
      .filter((message): message is { key: string; value: string } => message.key !== null)
      .map(({ key }) => ({ [key]: partitionForKey(key, partitions) })),
  )
}
