import { array, string } from '../protocol/codec.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'

/**
 * The topics that a consumer's metadata names, or null when the bytes are something else. Every version of the format
 * starts with INT16 version and an ARRAY of STRING (ConsumerProtocolSubscription.json), so the rest is not read.
 */
export function subscribedTopics(metadata: Buffer): string[] | null {
  try {
    const from = new Reader(metadata)
    const version = from.int16()
    return array(string).read(from, version)
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
