import { UnsupportedCompressionError } from '../protocol/compression.ts'
import { MalformedError } from '../protocol/reader.ts'
import {
  type BatchHeader,
  isIntact,
  readBatchHeader,
  readRecords,
  type StoredRecord,
  splitBatches,
} from '../protocol/record-batch.ts'
import { Refusal } from './refusal.ts'
import type { TopicConfigs } from './topic-configs.ts'

/** Which record of a batch is wrong, counted from 0, and why. */
export interface RecordProblem {
  batchIndex: number
  text: string
}

/** A batch that is refused for single records in it (KIP-467). */
export class RecordsRefused extends Refusal {
  readonly problems: readonly RecordProblem[]

  constructor(
    error: 'INVALID_RECORD' | 'INVALID_TIMESTAMP',
    text: string,
    problems: readonly RecordProblem[],
  ) {
    super(error, text)
    this.problems = problems
  }
}

export interface BatchRules {
  /** `orders-0`, for messages. */
  partition: string
  configs: TopicConfigs
  nowMs: number
}

const MAGIC_AT = 16
/** From this version of Produce on clients know zstd (KIP-110). */
const ZSTD_FROM = 7

/**
 * What a Produce request may carry for one partition: exactly one batch of format 2 (ProduceRequest.validateRecords).
 * Kafka looks at this before it looks at acks or at the partition.
 */
export function checkOneBatch(records: Buffer | null, apiVersion: number): Buffer {
  if (records === null || records.length <= MAGIC_AT) throw new Refusal('INVALID_RECORD')
  const magic = records.readInt8(MAGIC_AT)
  if (magic > 2) throw new Refusal('CORRUPT_MESSAGE', `Invalid magic found in record: ${magic}`)
  if (magic < 2) throw new Refusal('INVALID_RECORD')
  const [batch, ...more] = splitRecords(records)
  if (!batch || more.length > 0) throw new Refusal('INVALID_RECORD')
  if (apiVersion < ZSTD_FROM && compressionOf(batch) === 'zstd')
    throw new Refusal('UNSUPPORTED_COMPRESSION_TYPE')
  return batch
}

/** The header of the batch that `records` begin with, when it is of a transaction; null for others, and for what is none. */
export function transactionalHeader(records: Buffer): BatchHeader | null {
  try {
    const header = readBatchHeader(records)
    return header.transactional ? header : null
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}

/** The codec of a batch; null for one that does not exist. */
function compressionOf(batch: Buffer): string | null {
  try {
    return readBatchHeader(batch).compression
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}

function splitRecords(records: Buffer): Buffer[] {
  try {
    return splitBatches(records)
  } catch (error) {
    if (error instanceof MalformedError) throw new Refusal('CORRUPT_MESSAGE')
    throw error
  }
}

/** A batch that may be appended. */
export interface CheckedBatch {
  header: BatchHeader
  /** The latest time of its records, whatever the header says; -1 when none of them has a time. */
  maxTimestamp: bigint
}

/** Refuses a batch that Kafka would not append; the order of the checks is that of UnifiedLog, then LogValidator. */
export function checkBatch(batch: Buffer, rules: BatchRules): CheckedBatch {
  if (batch.readBigInt64BE(0) !== 0n) throw new Refusal('INVALID_RECORD')
  if (batch.length > rules.configs.number('max.message.bytes')) throw new Refusal('MESSAGE_TOO_LARGE')
  if (!isIntact(batch)) throw new Refusal('CORRUPT_MESSAGE')
  const header = readHeader(batch)
  checkHeader(header)
  const records = recordsOf(batch, header)
  checkRecords(records ?? [], header, rules)
  if (batch.length > rules.configs.number('segment.bytes')) throw new Refusal('RECORD_LIST_TOO_LARGE')
  return { header, maxTimestamp: records ? latestOf(records) : header.maxTimestamp }
}

function latestOf(records: StoredRecord[]): bigint {
  let latest = -1n
  for (const { timestamp } of records) if (timestamp > latest) latest = timestamp
  return latest
}

/** Kafka has no error of its own for a codec that does not exist, nor for records that cannot be unpacked. */
function readHeader(batch: Buffer): BatchHeader {
  try {
    return readBatchHeader(batch)
  } catch (error) {
    if (error instanceof MalformedError) throw new Refusal('UNKNOWN_SERVER_ERROR')
    throw error
  }
}

/** LogValidator.validateBatch for batches of clients. */
function checkHeader({ count, lastOffsetDelta, control, producerId, baseSequence }: BatchHeader): void {
  if (count <= 0 || lastOffsetDelta !== count - 1) throw new Refusal('INVALID_RECORD')
  if (control) throw new Refusal('INVALID_RECORD')
  if (producerId >= 0n && baseSequence < 0) throw new Refusal('INVALID_RECORD')
}

/** The records; null when they are packed in a way that Node cannot unpack: such a batch is stored as it is. */
function recordsOf(batch: Buffer, { compression }: BatchHeader): StoredRecord[] | null {
  try {
    return readRecords(batch)
  } catch (error) {
    if (error instanceof UnsupportedCompressionError) return null
    if (!(error instanceof MalformedError)) throw error
    throw new Refusal(compression === 'none' ? 'INVALID_RECORD' : 'UNKNOWN_SERVER_ERROR')
  }
}

function checkRecords(records: StoredRecord[], header: BatchHeader, rules: BatchRules): void {
  const isCompacted = rules.configs.hasCleanupPolicy('compact')
  const isCreateTime = rules.configs.get('message.timestamp.type') === 'CreateTime'
  const window = timeWindow(rules)
  const problems: RecordProblem[] = []
  let hasBadTime = false
  for (const [batchIndex, record] of records.entries()) {
    if (record.offset !== header.baseOffset + BigInt(batchIndex)) throw new Refusal('INVALID_RECORD')
    if (isCompacted && record.key === null) {
      problems.push({ batchIndex, text: missingKey(rules.partition) })
    } else if (isCreateTime && isOutOfRange(record, window)) {
      problems.push({ batchIndex, text: badTime(record, window) })
      hasBadTime = true
    }
  }
  if (hasBadTime) throw new RecordsRefused('INVALID_TIMESTAMP', BAD_TIMES, problems)
  if (problems.length > 0) throw new RecordsRefused('INVALID_RECORD', summaryOf(problems), problems)
}

const BAD_TIMES = 'One or more records have been rejected due to invalid timestamp'

function missingKey(partition: string): string {
  return `Compacted topic cannot accept message without key in topic partition ${partition}`
}

function summaryOf(problems: RecordProblem[]): string {
  const shown = problems
    .slice(0, 3)
    .map((one) => `RecordError(batchIndex=${one.batchIndex}, message='${one.text}')`)
  return (
    `One or more records have been rejected due to ${problems.length} record errors in total, and only showing ` +
    `the first three errors at most: [${shown.join(', ')}]`
  )
}

type TimeWindow = [earliest: bigint, latest: bigint]

/** The window of times that `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms` leave open (KIP-937). */
function timeWindow({ configs, nowMs }: BatchRules): TimeWindow {
  const now = BigInt(nowMs)
  return [
    now - configs.long('message.timestamp.before.max.ms'),
    now + configs.long('message.timestamp.after.max.ms'),
  ]
}

/** -1 stands for "no timestamp" and is always right. */
function isOutOfRange({ timestamp }: StoredRecord, [earliest, latest]: TimeWindow): boolean {
  return timestamp !== -1n && (timestamp < earliest || timestamp > latest)
}

function badTime({ timestamp, offset }: StoredRecord, [earliest, latest]: TimeWindow): string {
  return (
    `Timestamp ${timestamp} of message with offset ${offset} is out of range. ` +
    `The timestamp should be within [${earliest}, ${latest}]`
  )
}
