import { COMPRESSION_MASK } from './compression.ts'
import {
  ATTRIBUTES_AT,
  BEFORE_LENGTH_ENDS,
  HEADER_BYTES,
  MAX_TIMESTAMP_AT,
  packRecords,
  readBatchHeader,
  type StoredRecord,
  signBatch,
} from './record-batch.ts'

/** This bit says that the place of the base timestamp holds the delete horizon (KIP-534). */
const DELETE_HORIZON = 0x40
const LENGTH_AT = 8
const BASE_TIMESTAMP_AT = 27
const COUNT_AT = 57
const NO_TIMESTAMP = -1n

/** When the tombstones of this batch, or its marker, may go (KIP-534); null where no cleaning has come across them yet. */
export function deleteHorizonOf(batch: Buffer): bigint | null {
  const hasHorizon = (batch.readInt16BE(ATTRIBUTES_AT) & DELETE_HORIZON) !== 0
  return hasHorizon ? batch.readBigInt64BE(BASE_TIMESTAMP_AT) : null
}

/**
 * What a cleaning leaves of `batch`: the same batch with fewer records. First and last offset, producer and sequence
 * number stay as they are (MemoryRecords.buildRetainedRecordsInto). Only for codecs that `readRecords` reads.
 */
export function retainedBatch(
  batch: Buffer,
  records: readonly StoredRecord[],
  deleteHorizonMs: bigint | null,
): Buffer {
  const { compression, timestampType, baseOffset, maxTimestamp } = readBatchHeader(batch)
  if (compression !== 'none' && compression !== 'gzip') throw new Error(`a batch packed with ${compression}`)
  const baseTimestamp = deleteHorizonMs ?? records[0]?.timestamp ?? NO_TIMESTAMP
  const placed = records.map((one): [number, StoredRecord] => [Number(one.offset - baseOffset), one])
  const retained = withRecords(batch, packRecords(placed, baseTimestamp, compression))
  if (deleteHorizonMs !== null) {
    retained.writeInt16BE(retained.readInt16BE(ATTRIBUTES_AT) | DELETE_HORIZON, ATTRIBUTES_AT)
  }
  retained.writeBigInt64BE(baseTimestamp, BASE_TIMESTAMP_AT)
  const latest = timestampType === 'LogAppendTime' ? maxTimestamp : latestOf(records)
  retained.writeBigInt64BE(latest, MAX_TIMESTAMP_AT)
  retained.writeInt32BE(records.length, COUNT_AT)
  signBatch(retained)
  return retained
}

/** A batch without records in the place of `batch`: its offsets and its producer stay (DefaultRecordBatch.writeEmptyHeader). */
export function emptiedBatch(batch: Buffer): Buffer {
  const emptied = withRecords(batch, Buffer.alloc(0))
  const attributes = emptied.readInt16BE(ATTRIBUTES_AT) & ~(COMPRESSION_MASK | DELETE_HORIZON)
  emptied.writeInt16BE(attributes, ATTRIBUTES_AT)
  emptied.writeBigInt64BE(NO_TIMESTAMP, BASE_TIMESTAMP_AT)
  emptied.writeInt32BE(0, COUNT_AT)
  signBatch(emptied)
  return emptied
}

function withRecords(batch: Buffer, packed: Buffer): Buffer {
  const changed = Buffer.concat([batch.subarray(0, HEADER_BYTES), packed])
  changed.writeInt32BE(changed.length - BEFORE_LENGTH_ENDS, LENGTH_AT)
  return changed
}

function latestOf(records: readonly StoredRecord[]): bigint {
  return records.reduce((latest, { timestamp }) => (timestamp > latest ? timestamp : latest), NO_TIMESTAMP)
}
