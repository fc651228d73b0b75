import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { ListOffsets } from '../protocol/api/02-list-offsets.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { errorName } from '../protocol/error-codes.ts'
import { readBatchHeader, splitBatches } from '../protocol/record-batch.ts'
import type { ProducedRecord } from './journal.ts'
import { producedPartitions } from './produced.ts'
import { showBytes } from './show-value.ts'
import { count, outcome, parts, type Teller, telling } from './telling.ts'

/** Characters of a key and of a value that are shown. */
const KEY_WIDTH = 30
const VALUE_WIDTH = 60

/** Records of one partition of one request that are shown one by one. */
const MOST_RECORDS = 5

const apiVersions = telling(ApiVersions, () => [])

const metadata = telling(Metadata, (_request, response) =>
  (response?.topics ?? [])
    .filter(({ errorCode }) => errorCode !== 0)
    .map(({ name, errorCode }) => parts(`topic ${name}`, `-> ${errorName(errorCode)}`)),
)

const produce = telling(Produce, (_request, _response, exchange) =>
  producedPartitions(exchange).flatMap(({ topic, partition, records, unread }) => {
    if (unread !== null) return [parts(`topic ${topic}`, `partition ${partition}`, unread)]
    const lines = records.slice(0, MOST_RECORDS).map(tellRecord)
    const left = records.length - lines.length
    return left > 0
      ? [...lines, parts(`topic ${topic}`, `partition ${partition}`, `and ${count(left, 'more record')}`)]
      : lines
  }),
)

function tellRecord(record: ProducedRecord): string {
  const { topic, partition, acks, key, value, headers, transactional, exchange } = record
  // The answer comes before what may be long: a narrow screen cuts the end.
  return parts(
    `topic ${topic}`,
    `partition ${partition}`,
    `acks ${acks}`,
    transactional && 'in a transaction',
    `key ${key === null ? 'null' : `"${showBytes(key, KEY_WIDTH)}"`}`,
    record.offset !== null && `-> offset ${record.offset}`,
    record.error !== null && `-> ${record.error}`,
    acks !== 0 && exchange.responseAtMs === null && '-> no answer',
    headers.length > 0 && `headers ${headers.map(([name]) => name).join(', ')}`,
    `timestamp ${timeOf(record.timestamp)}`,
    value === null ? 'value null' : showBytes(value, VALUE_WIDTH),
  )
}

/** As a date where it is one: a wrong unit is seen at once. */
function timeOf(timestamp: number): string {
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) ? `${timestamp}` : date.toISOString()
}

/** A fetch that brought nothing is left out: consumers ask all the time. */
const fetch = telling(Fetch, (request, response) =>
  (response?.responses ?? []).flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partitionIndex, errorCode, records }) => {
      const asked = request.topics
        .find((one) => one.topic === topic)
        ?.partitions.find((one) => one.partition === partitionIndex)
      const from = asked?.fetchOffset ?? 0n
      const found = countRecords(records, from)
      if (errorCode === 0 && found === 0) return []
      const result = errorCode === 0 ? count(found, 'record') : errorName(errorCode)
      return [parts(`topic ${topic}`, `partition ${partitionIndex}`, `from offset ${from}`, `-> ${result}`)]
    }),
  ),
)

/** Records from offset `from` on, markers of transactions left out; a batch may begin before it. */
function countRecords(bytes: Buffer | null, from: bigint): number {
  let found = 0
  for (const batch of splitBatches(bytes ?? Buffer.alloc(0))) {
    const { baseOffset, lastOffsetDelta, count: records, control } = readBatchHeader(batch)
    const next = baseOffset + BigInt(lastOffsetDelta) + 1n
    if (!control) found += baseOffset >= from ? records : Math.max(0, Number(next - from))
  }
  return found
}

const listOffsets = telling(ListOffsets, (request, response, exchange) =>
  request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, timestamp }) => {
      const found = response?.topics
        .find((one) => one.name === name)
        ?.partitions.find((one) => one.partitionIndex === partitionIndex)
      const what = timestamp === -1n ? 'end' : timestamp === -2n ? 'start' : `first at or after ${timestamp}`
      const offset = found && found.errorCode === 0 && `-> offset ${found.offset}`
      return parts(
        `topic ${name}`,
        `partition ${partitionIndex}`,
        what,
        offset || outcome(exchange, found?.errorCode),
      )
    }),
  ),
)

const createTopics = telling(CreateTopics, (request, response, exchange) =>
  request.topics.map(({ name, numPartitions, assignments }) => {
    const found = response?.topics.find((one) => one.name === name)
    const partitions = assignments.length || numPartitions
    const size = partitions < 0 ? 'default number of partitions' : count(partitions, 'partition')
    return parts(
      `topic ${name}`,
      size,
      found?.errorCode === 0 ? '-> created' : outcome(exchange, found?.errorCode),
    )
  }),
)

/** What happens to topics and their records. */
export const topicTellers: Teller[] = [apiVersions, metadata, produce, fetch, listOffsets, createTopics]
