import { array, int32, nullableBytes, string, struct, type Value } from './codec.ts'
import { MalformedError, Reader } from './reader.ts'

const topicPartitions = struct({ topic: string, partitions: array(int32) })
const assignment = struct({ assignedPartitions: array(topicPartitions), userData: nullableBytes })

export type TopicPartitions = Value<typeof topicPartitions>

/**
 * The topics that a consumer's metadata names, or null when the bytes are something else. Every version of the format
 * starts with INT16 version and an ARRAY of STRING (ConsumerProtocolSubscription.json), so the rest is not read.
 */
export function subscribedTopics(metadata: Buffer): string[] | null {
  return attempt(metadata, (from, version) => array(string).read(from, version))
}

/** Reads ConsumerProtocolAssignment, versions 0 and up. No bytes at all mean no partitions; null when it is something else. */
export function readAssignment(bytes: Buffer): TopicPartitions[] | null {
  if (bytes.length === 0) return []
  return attempt(bytes, (from, version) => assignment.read(from, version).assignedPartitions)
}

/** INT16 version, then the fields, of which later versions only add more at the end. */
function attempt<T>(bytes: Buffer, read: (from: Reader, version: number) => T): T | null {
  try {
    const from = new Reader(bytes)
    return read(from, from.int16())
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
