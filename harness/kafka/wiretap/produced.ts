import { Produce } from '../protocol/api/00-produce.ts'
import type { RequestOf, ResponseOf } from '../protocol/api.ts'
import { errorName } from '../protocol/error-codes.ts'
import { readBatchHeader, readRecords, splitBatches } from '../protocol/record-batch.ts'
import type { Exchange, ProducedRecord } from './journal.ts'

/** One partition of a Produce request; its records cannot be read when they are malformed or packed with zstd, for instance. */
export interface ProducedPartition {
  topic: string
  partition: number
  records: ProducedRecord[]
  /** Why there are no records, in words, or null. */
  unread: string | null
}

/** So many bytes of records are unpacked from one journal: a thousand times more may be packed into it. */
const MOST_BYTES = 256 * 1024 * 1024
/** What a record, and each header of it, takes beside its bytes, roughly. */
const OBJECT_BYTES = 100

/**
 * Every record that was sent, in the order of the wire. Records that cannot be read are left out, and those that come after
 * 256 MiB of others.
 */
export function producedRecords(journal: readonly Exchange[]): ProducedRecord[] {
  const found: ProducedRecord[] = []
  let bytes = 0
  for (const exchange of journal) {
    for (const { records } of producedPartitions(exchange)) {
      for (const record of records) bytes += heldBytes(record)
      if (bytes > MOST_BYTES) return found
      for (const record of records) found.push(record)
    }
  }
  return found
}

function heldBytes({ key, value, headers }: ProducedRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + OBJECT_BYTES * (1 + headers.length)
}

/** The partitions of one exchange; none when it is not a Produce. */
export function producedPartitions(exchange: Exchange): ProducedPartition[] {
  if (exchange.api !== Produce.name || exchange.request === null) return []
  const request = exchange.request as RequestOf<typeof Produce>
  return request.topicData.flatMap(({ name, partitionData }) =>
    partitionData.map(({ index, records }) => {
      const one = { topic: name, partition: index }
      try {
        return { ...one, records: recordsOf(exchange, name, index, records), unread: null }
      } catch (error) {
        return { ...one, records: [], unread: (error as Error).message }
      }
    }),
  )
}

function recordsOf(
  exchange: Exchange,
  topic: string,
  partition: number,
  bytes: Buffer | null,
): ProducedRecord[] {
  const { acks } = exchange.request as RequestOf<typeof Produce>
  const { error, baseOffset } = answerFor(exchange, topic, partition)
  const records = splitBatches(bytes ?? Buffer.alloc(0)).flatMap((batch) => {
    const { producerId, transactional } = readBatchHeader(batch)
    return readRecords(batch).map((record) => ({ ...record, producerId, transactional }))
  })
  return records.map(({ timestamp, key, value, headers, producerId, transactional }, index) => ({
    exchange,
    topic,
    partition,
    acks,
    timestamp: Number(timestamp),
    key,
    value,
    headers,
    producerId,
    transactional,
    error,
    offset: baseOffset === null ? null : baseOffset + BigInt(index),
  }))
}

/** What the broker answered for one partition; the records of a request get offsets in a row from `baseOffset`. */
function answerFor(
  exchange: Exchange,
  topic: string,
  partition: number,
): { error: string | null; baseOffset: bigint | null } {
  const response = exchange.response as ResponseOf<typeof Produce> | null
  const answer = response?.responses
    .find(({ name }) => name === topic)
    ?.partitionResponses.find(({ index }) => index === partition)
  if (!answer) return { error: null, baseOffset: null }
  if (answer.errorCode !== 0) return { error: errorName(answer.errorCode), baseOffset: null }
  return { error: null, baseOffset: answer.baseOffset < 0n ? null : answer.baseOffset }
}
