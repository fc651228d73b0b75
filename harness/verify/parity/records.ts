import { UnsupportedCompressionError } from '../../kafka/protocol/compression.ts'
import { readMarker } from '../../kafka/protocol/control-batch.ts'
import { isIntact, readBatchHeader, readRecords, splitBatches } from '../../kafka/protocol/record-batch.ts'

/**
 * Record batches as values that can be compared: every field of the header, and every record. In place of the checksum,
 * which covers ids and times, stands whether it is right; in place of a marker's record, how the transaction ended.
 */
export function readBatches(bytes: Buffer): unknown[] {
  return splitBatches(bytes).map((batch) => {
    const { crc: _, ...header } = readBatchHeader(batch)
    const marker = header.control ? { marker: readMarker(batch) } : {}
    return {
      ...header,
      ...marker,
      isIntact: isIntact(batch),
      records: header.control ? [] : recordsIn(batch),
    }
  })
}

function recordsIn(batch: Buffer): unknown {
  try {
    return readRecords(batch)
  } catch (error) {
    if (error instanceof UnsupportedCompressionError) return 'packed in a way that cannot be read here'
    throw error
  }
}
