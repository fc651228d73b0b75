import { MalformedError } from '../protocol/reader.ts'
import {
  type BatchHeader,
  isIntact,
  readBatchHeader,
  readRecords,
  type StoredRecord,
  splitBatches,
  UnsupportedCompressionError,
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

/**
 * What a Produce request may carry for one partition: exactly one batch of format 2 (ProduceRequest.validateRecords).
 * Kafka looks at this before it looks at acks or at the partition.
 */
export function checkOneBatch(records: Buffer | null): Buffer {
  if (records === null || records.length <= MAGIC_AT || records[MAGIC_AT] !== 2)
    throw new Refusal('INVALID_RECORD')
  const batches = splitBatches(records)
  const [batch] = batches
  if (!batch || batches.length > 1 || batch.length !== records.length) throw new Refusal('INVALID_RECORD')
  return batch
}

/** Refuses a batch that Kafka would not append; the order of the checks is that of UnifiedLog, then LogValidator. */
export function checkBatch(batch: Buffer, rules: BatchRules): BatchHeader {
  if (batch.readBigInt64BE(0) !== 0n) throw new Refusal('INVALID_RECORD')
  if (batch.length > rules.configs.number('max.message.bytes')) throw new Refusal('MESSAGE_TOO_LARGE')
  if (!isIntact(batch)) throw new Refusal('CORRUPT_MESSAGE')
  const header = readBatchHeader(batch)
  checkHeader(header)
  checkRecords(recordsOf(batch), header, rules)
  if (batch.length > rules.configs.number('segment.bytes')) throw new Refusal('RECORD_LIST_TOO_LARGE')
  return header
}

/** LogValidator.validateBatch for batches of clients. */
function checkHeader({ count, lastOffsetDelta, control, producerId, baseSequence }: BatchHeader): void {
  if (count <= 0 || lastOffsetDelta !== count - 1) throw new Refusal('INVALID_RECORD')
  if (control) throw new Refusal('INVALID_RECORD')
  if (producerId >= 0n && baseSequence < 0) throw new Refusal('INVALID_RECORD')
}

/** The records, or none when they are packed in a way that Node cannot unpack: such a batch is stored as it is. */
function recordsOf(batch: Buffer): StoredRecord[] {
  try {
    return readRecords(batch)
  } catch (error) {
    if (error instanceof UnsupportedCompressionError) return []
    if (error instanceof MalformedError) throw new Refusal('INVALID_RECORD')
    throw error
  }
}

function checkRecords(records: StoredRecord[], header: BatchHeader, rules: BatchRules): void {
  const isCompacted = rules.configs.hasCleanupPolicy('compact')
  const isCreateTime = rules.configs.get('message.timestamp.type') === 'CreateTime'
  const badKeys: RecordProblem[] = []
  const badTimes: RecordProblem[] = []
  for (const [batchIndex, record] of records.entries()) {
    if (record.offset !== header.baseOffset + BigInt(batchIndex)) throw new Refusal('INVALID_RECORD')
    if (isCompacted && record.key === null) badKeys.push({ batchIndex, text: missingKey(rules.partition) })
    else if (isCreateTime && isOutOfRange(record, rules))
      badTimes.push({ batchIndex, text: badTime(record, rules) })
  }
  if (badTimes.length > 0) {
    const text = 'One or more records have been rejected due to invalid timestamp'
    throw new RecordsRefused('INVALID_TIMESTAMP', text, [...badKeys, ...badTimes])
  }
  if (badKeys.length > 0) throw new RecordsRefused('INVALID_RECORD', summaryOf(badKeys), badKeys)
}

function missingKey(partition: string): string {
  return `Compacted topic cannot accept message without key in topic partition ${partition}.`
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

/** The window of times that `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms` leave open (KIP-937). */
function timeWindow({ configs, nowMs }: BatchRules): [earliest: bigint, latest: bigint] {
  const now = BigInt(nowMs)
  return [
    now - configs.long('message.timestamp.before.max.ms'),
    now + configs.long('message.timestamp.after.max.ms'),
  ]
}

/** -1 stands for "no timestamp" and is always right. */
function isOutOfRange({ timestamp }: StoredRecord, rules: BatchRules): boolean {
  const [earliest, latest] = timeWindow(rules)
  return timestamp !== -1n && (timestamp < earliest || timestamp > latest)
}

function badTime({ timestamp, offset }: StoredRecord, rules: BatchRules): string {
  const [earliest, latest] = timeWindow(rules)
  return (
    `Timestamp ${timestamp} of message with offset ${offset} is out of range. ` +
    `The timestamp should be within [${earliest}, ${latest}]`
  )
}
