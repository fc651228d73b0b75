import { gunzipSync } from 'node:zlib'
import { MalformedError } from './reader.ts'

/** The codecs of record batches, by their codes in the attributes of a batch (org.apache.kafka.common.compress). */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export const COMPRESSION_MASK = 0x07

export type Compression = (typeof COMPRESSIONS)[number]

/** Records of one batch may not take more bytes than this once unpacked; it stops a gzip bomb. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024

/** Thrown for records that were packed with a codec that Node does not have. */
export class UnsupportedCompressionError extends Error {
  override name = 'UnsupportedCompressionError'
  readonly compression: Compression

  constructor(compression: Compression) {
    super(`records packed with ${compression} cannot be read here, only none and gzip`)
    this.compression = compression
  }
}

/** The records of a batch as they were before they were packed. */
export function unpack(records: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return records
  if (compression !== 'gzip') throw new UnsupportedCompressionError(compression)
  try {
    return gunzipSync(records, { maxOutputLength: MAX_UNPACKED_BYTES })
  } catch (error) {
    throw new MalformedError(`gzip: ${(error as Error).message}`)
  }
}
