const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/** Mixes the bits of one 32-bit word. */
function mix(word: number): number {
  const spread = Math.imul(word, MULTIPLIER)
  return Math.imul(spread ^ (spread >>> 24), MULTIPLIER)
}

/** MurmurHash2 (32 bits, little-endian) as a signed number: org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(bytes: Buffer): number {
  const whole = bytes.length - (bytes.length % 4)
  let hash = SEED ^ bytes.length
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, MULTIPLIER) ^ mix(bytes.readInt32LE(at))
  if (whole < bytes.length) {
    hash ^= bytes.readUIntLE(whole, bytes.length - whole)
    hash = Math.imul(hash, MULTIPLIER)
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/**
 * The partition (0 to `partitions` - 1) that Kafka's Java client and kafkajs's default partitioner choose for a key
 * (org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey).
 */
export function partitionOf(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
