import { gzipSync } from 'node:zlib'
import { COMPRESSION_MASK, COMPRESSIONS, type Compression, unpack } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { MalformedError, Reader } from './reader.ts'
import { Writer } from './writer.ts'

/**
 * Record batches, format version 2 (KIP-98), as org.apache.kafka.common.record.DefaultRecordBatch lays them out:
 *
 *   0 baseOffset INT64 · 8 batchLength INT32 · 12 partitionLeaderEpoch INT32 · 16 magic INT8 · 17 crc UINT32 ·
 *   21 attributes INT16 · 23 lastOffsetDelta INT32 · 27 baseTimestamp INT64 · 35 maxTimestamp INT64 ·
 *   43 producerId INT64 · 51 producerEpoch INT16 · 53 baseSequence INT32 · 57 count INT32 · 61 records
 *
 * The CRC covers everything from the attributes on, so a broker may set the first offset and the leader epoch without
 * touching it.
 */
export const HEADER_BYTES = 61
const LEADER_EPOCH_AT = 12
const CRC_AT = 17
export const ATTRIBUTES_AT = 21
export const MAX_TIMESTAMP_AT = 35
/** `batchLength` counts what follows it. */
export const BEFORE_LENGTH_ENDS = 12
const MAGIC = 2

const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/** Records of one batch, and headers in all of them. Five times as many as the smallest ones that fit into 1 MiB. */
const MAX_RECORDS = 750_000

/** Everything before the records. Timestamps are milliseconds since 1970; -1 stands for "none" in the producer's fields. */
export interface BatchHeader {
  baseOffset: bigint
  /** Bytes after this field; the whole batch has 12 more. */
  batchLength: number
  partitionLeaderEpoch: number
  crc: number
  compression: Compression
  timestampType: 'CreateTime' | 'LogAppendTime'
  transactional: boolean
  control: boolean
  /** Offset of the last record, counted from `baseOffset`. Compaction keeps it, though the record may be gone. */
  lastOffsetDelta: number
  baseTimestamp: bigint
  maxTimestamp: bigint
  producerId: bigint
  producerEpoch: number
  baseSequence: number
  /** Number of records, as the batch claims it. */
  count: number
}

/** A record that is not in a log yet. `timestamp` is milliseconds since 1970. */
export interface NewRecord {
  timestamp: bigint
  key: Buffer | null
  value: Buffer | null
  headers: [name: string, value: Buffer | null][]
}

export interface StoredRecord extends NewRecord {
  offset: bigint
}

/** Reads the header of the batch that `bytes` starts with, without looking at its records. */
export function readBatchHeader(bytes: Buffer): BatchHeader {
  const from = new Reader(bytes)
  const baseOffset = from.int64()
  const batchLength = from.int32()
  const partitionLeaderEpoch = from.int32()
  const magic = from.int8()
  if (magic !== MAGIC) throw new MalformedError(`record batch with magic ${magic}, only ${MAGIC} is read`)
  const crc = from.uint32()
  const attributes = from.int16()
  const compression = COMPRESSIONS[attributes & COMPRESSION_MASK]
  if (compression === undefined)
    throw new MalformedError(`compression ${attributes & COMPRESSION_MASK} in a batch`)
  return {
    baseOffset,
    batchLength,
    partitionLeaderEpoch,
    crc,
    compression,
    timestampType: attributes & LOG_APPEND_TIME ? 'LogAppendTime' : 'CreateTime',
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    lastOffsetDelta: from.int32(),
    baseTimestamp: from.int64(),
    maxTimestamp: from.int64(),
    producerId: from.int64(),
    producerEpoch: from.int16(),
    baseSequence: from.int32(),
    count: from.int32(),
  }
}

/**
 * Cuts a run of batches, as a Fetch answer or a Produce request carries it, into views of one batch each.
 * A last batch that is not whole is dropped: a Fetch answer may end in the middle of one.
 */
export function splitBatches(bytes: Buffer): Buffer[] {
  const batches: Buffer[] = []
  let start = 0
  while (bytes.length - start >= HEADER_BYTES) {
    const batchLength = bytes.readInt32BE(start + 8)
    if (batchLength < HEADER_BYTES - BEFORE_LENGTH_ENDS)
      throw new MalformedError(`batch of ${batchLength} bytes`)
    const end = start + BEFORE_LENGTH_ENDS + batchLength
    if (end > bytes.length) break
    batches.push(bytes.subarray(start, end))
    start = end
  }
  return batches
}

/** Whether the checksum of one whole batch is right. */
export function isIntact(batch: Buffer): boolean {
  return batch.length >= HEADER_BYTES && batch.readUInt32BE(CRC_AT) === crc32c(batch.subarray(ATTRIBUTES_AT))
}

/** Gives a batch its place in a log: writes first offset and leader epoch into it. The checksum stays right. */
export function placeBatch(batch: Buffer, baseOffset: bigint, partitionLeaderEpoch: number): void {
  batch.writeBigInt64BE(baseOffset, 0)
  batch.writeInt32BE(partitionLeaderEpoch, LEADER_EPOCH_AT)
}

/**
 * Writes the kind of timestamp and the latest one into a batch, and makes the checksum right again. With LogAppendTime it
 * is the time of every record in it.
 */
export function stampBatch(batch: Buffer, type: BatchHeader['timestampType'], maxTimestamp: bigint): void {
  const attributes = batch.readInt16BE(ATTRIBUTES_AT) & ~LOG_APPEND_TIME
  batch.writeInt16BE(type === 'LogAppendTime' ? attributes | LOG_APPEND_TIME : attributes, ATTRIBUTES_AT)
  batch.writeBigInt64BE(maxTimestamp, MAX_TIMESTAMP_AT)
  signBatch(batch)
}

/** Makes the checksum right again after a change. */
export function signBatch(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
}

/**
 * Reads the records of one whole batch; keys and values may share memory with it. With LogAppendTime every record has
 * the batch's own timestamp. Throws MalformedError, or UnsupportedCompressionError; does not look at the checksum.
 */
export function readRecords(batch: Buffer): StoredRecord[] {
  const header = readBatchHeader(batch)
  if (header.batchLength !== batch.length - BEFORE_LENGTH_ENDS) {
    throw new MalformedError(`batch of ${header.batchLength} bytes in ${batch.length}`)
  }
  const from = new Reader(unpack(batch.subarray(HEADER_BYTES), header.compression), 0, false, MAX_RECORDS)
  from.claimItems(header.count)
  const records: StoredRecord[] = []
  for (let index = 0; index < header.count; index++) records.push(readRecord(from, header))
  if (header.count < 0 || from.remaining > 0) {
    throw new MalformedError(`${from.remaining} bytes left after ${header.count} records`)
  }
  return records
}

function readRecord(from: Reader, batch: BatchHeader): StoredRecord {
  const length = from.varint()
  const end = from.offset + length
  from.int8() // attributes, unused so far
  const timestampDelta = from.varlong()
  const offset = batch.baseOffset + BigInt(from.varint())
  const key = readPart(from)
  const value = readPart(from)
  const headers: [string, Buffer | null][] = []
  let left = readCount(from)
  from.claimItems(left)
  for (; left > 0; left--) {
    headers.push([from.raw(readCount(from)).toString('utf8'), readPart(from)])
  }
  if (from.offset !== end)
    throw new MalformedError(`record of ${length} bytes ends at ${from.offset}, not ${end}`)
  const created = BigInt.asIntN(64, batch.baseTimestamp + timestampDelta)
  return {
    offset,
    timestamp: batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : created,
    key,
    value,
    headers,
  }
}

/** A length that may not be null: of a header's name, or the number of headers. */
function readCount(from: Reader): number {
  const count = from.varint()
  if (count < 0) throw new MalformedError(`length ${count} in a record, before ${from.offset}`)
  return count
}

/** Bytes with a zigzag length in front; a negative length is null. */
function readPart(from: Reader): Buffer | null {
  const length = from.varint()
  return length < 0 ? null : from.raw(length)
}

/** What `writeBatch` needs. The records get the offsets from `baseOffset` on, without gaps. */
export interface BatchContent {
  records: readonly NewRecord[]
  compression?: 'none' | 'gzip'
  baseOffset?: bigint
  partitionLeaderEpoch?: number
  producerId?: bigint
  producerEpoch?: number
  baseSequence?: number
  transactional?: boolean
  control?: boolean
}

/** One whole batch with CreateTime timestamps and the right checksum. */
export function writeBatch(content: BatchContent): Buffer {
  const { records, compression = 'none' } = content
  const baseTimestamp = records[0]?.timestamp ?? -1n
  const packed = packRecords(records.entries(), baseTimestamp, compression)
  const to = new Writer(false, HEADER_BYTES + packed.length)
  to.int64(content.baseOffset ?? 0n)
  to.int32(HEADER_BYTES - BEFORE_LENGTH_ENDS + packed.length)
  to.int32(content.partitionLeaderEpoch ?? -1)
  to.int8(MAGIC)
  to.uint32(0)
  to.int16(
    COMPRESSIONS.indexOf(compression) |
      (content.transactional ? TRANSACTIONAL : 0) |
      (content.control ? CONTROL : 0),
  )
  to.int32(records.length - 1)
  to.int64(baseTimestamp)
  to.int64(latestTimestamp(records))
  to.int64(content.producerId ?? -1n)
  to.int16(content.producerEpoch ?? -1)
  to.int32(content.baseSequence ?? -1)
  to.int32(records.length)
  to.raw(packed)
  const batch = to.bytes()
  signBatch(batch)
  return batch
}

function latestTimestamp(records: readonly NewRecord[]): bigint {
  let latest = records[0]?.timestamp ?? -1n
  for (const { timestamp } of records) if (timestamp > latest) latest = timestamp
  return latest
}

/** What follows the header: records with their offsets, counted from the first of the batch. */
export function packRecords(
  records: Iterable<[offsetDelta: number, NewRecord]>,
  baseTimestamp: bigint,
  compression: 'none' | 'gzip',
): Buffer {
  const all = new Writer()
  const one = new Writer()
  for (const [offsetDelta, record] of records) {
    one.clear()
    one.int8(0) // attributes, unused so far
    one.varlong(BigInt.asIntN(64, record.timestamp - baseTimestamp))
    one.varint(offsetDelta)
    writePart(one, record.key)
    writePart(one, record.value)
    one.varint(record.headers.length)
    for (const [name, value] of record.headers) {
      writePart(one, Buffer.from(name, 'utf8'))
      writePart(one, value)
    }
    writePart(all, one.bytes())
  }
  return compression === 'gzip' ? gzipSync(all.bytes()) : all.bytes()
}

function writePart(to: Writer, part: Buffer | null): void {
  to.varint(part === null ? -1 : part.length)
  if (part !== null) to.raw(part)
}
