// Generators instead of loops: a stream of words for the hash, a stream of partitions for the records without a key.

export interface KeyedMessage {
  key: string | null
  value: string
}

export type Strategy = 'round-robin' | 'sticky'

/** The whole words of the bytes, then the left-over bytes as a last, shorter one. */
function* words(bytes: Buffer): Generator<{ word: number; full: boolean }> {
  // A Buffer is often a window on a larger piece of memory: its view begins at byteOffset.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (; at + 4 <= view.byteLength; at += 4) yield { word: view.getUint32(at, true), full: true }
  if (at === view.byteLength) return
  const padded = new Uint8Array(4)
  padded.set(bytes.subarray(at))
  yield { word: new DataView(padded.buffer).getUint32(0, true), full: false }
}

export function murmur2(bytes: Buffer): number {
  const m = 0x5bd1e995
  let hash = 0x9747b28c ^ bytes.length
  for (const { word, full } of words(bytes)) {
    const k = Math.imul(word, m)
    hash = full ? Math.imul(hash, m) ^ Math.imul(k ^ (k >>> 24), m) : Math.imul(hash ^ word, m)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, m)
  return (hash ^ (hash >>> 15)) >>> 0
}

export function partitionForKey(key: string | Buffer, partitions: number): number {
  const hash = BigInt.asUintN(31, BigInt(murmur2(Buffer.isBuffer(key) ? key : Buffer.from(key, 'utf-8'))))
  return Number(hash % BigInt(partitions))
}

function* partitionsInTurn(partitions: number): Generator<number, never> {
  for (;;) yield* Array(partitions).keys()
}

export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  const turns = partitionsInTurn(partitions)
  const chosen: number[] = []
  for (const records of batches) {
    let partition: number | undefined
    for (let record = 0; record < records; record++) {
      if (strategy === 'round-robin' || partition === undefined) partition = turns.next().value
      chosen.push(partition)
    }
  }
  return Array.from({ length: partitions }, (_, p) =>
    chosen.reduce((count, one) => (one === p ? count + 1 : count), 0),
  )
}

export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  const rows = new Map<string | null, number>(
    messages.map(({ key }) => [key, partitionForKey(key ?? '', partitions)]),
  )
  rows.delete(null)
  return Object.fromEntries(rows as Map<string, number>)
}
