/** A record on its way to a topic, as far as its partition is concerned. Only `null` means "no key". */
export interface KeyedMessage {
  key: string | null
  value: string
}

/** How records without a key are spread: as kafkajs does it, or as the Java producer does it. */
export type Strategy = 'round-robin' | 'sticky'

/**
 * The murmur2 hash of some bytes, as Kafka's Java client computes it (seed 0x9747b28c).
 * Returns the 32 bits as a number. Signed (like Java) and unsigned are both fine.
 */
export function murmur2(bytes: Buffer): number {
  throw new Error('TODO murmur2: mix the bytes, four at a time, into one 32-bit hash')
}

/**
 * The partition, 0 to `partitions - 1`, of a record with this key. A string stands for its UTF-8 bytes.
 * It is the partition that kafkajs and the Java producer choose when nothing else is configured.
 */
export function partitionForKey(key: string | Buffer, partitions: number): number {
  throw new Error('TODO partitionForKey: turn the hash of the key into a partition')
}

/**
 * Spreads records without a key over the partitions. `batches` holds the number of records in each send, in order.
 * `round-robin` deals record by record and goes on where the send before it stopped. `sticky` gives all records of
 * batch i to partition `i % partitions`. Both start at partition 0.
 * Returns the number of records in each partition, a list of `partitions` numbers.
 */
export function spreadKeyless(strategy: Strategy, batches: number[], partitions: number): number[] {
  throw new Error('TODO spreadKeyless: count the records of each partition')
}

/** The partition of every key in the list, by key. Records without a key have no row: they may go anywhere. */
export function tableOf(messages: KeyedMessage[], partitions: number): Record<string, number> {
  throw new Error('TODO tableOf: make the key to partition table')
}
