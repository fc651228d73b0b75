import { array, int32, nullableBytes, string, struct, type Value } from '../protocol/codec.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'

const topicPartitions = struct({ topic: string, partitions: array(int32) })
const subscriptionV0 = struct({ topics: array(string), userData: nullableBytes })
const assignment = struct({ assignedPartitions: array(topicPartitions), userData: nullableBytes })

export type TopicPartitions = Value<typeof topicPartitions>

/** What a member of a consumer group asks for when it joins. */
export interface Subscription {
  topics: string[]
  /** What it owned before this rebalance; empty below version 1, which kafkajs uses. */
  owned: TopicPartitions[]
}

/**
 * Reads ConsumerProtocolSubscription, versions 0 and up: INT16 version, then the fields, of which later versions only add
 * more at the end. Null when the bytes are something else.
 */
export function readSubscription(metadata: Buffer): Subscription | null {
  return attempt(metadata, (from, version) => {
    const { topics } = subscriptionV0.read(from, version)
    return { topics, owned: version >= 1 ? array(topicPartitions).read(from, version) : [] }
  })
}

/** Reads ConsumerProtocolAssignment, versions 0 and up. No bytes at all mean no partitions; null when it is something else. */
export function readAssignment(bytes: Buffer): TopicPartitions[] | null {
  if (bytes.length === 0) return []
  return attempt(bytes, (from, version) => assignment.read(from, version).assignedPartitions)
}

function attempt<T>(bytes: Buffer, read: (from: Reader, version: number) => T): T | null {
  try {
    const from = new Reader(bytes)
    return read(from, from.int16())
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
