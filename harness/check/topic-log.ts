import { throwOnError } from '../kafka/client/broker-error.ts'
import { BrokerError, type Client } from '../kafka/client/client.ts'
import { Fetch } from '../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../kafka/protocol/api/02-list-offsets.ts'
import type { ResponseOf } from '../kafka/protocol/api.ts'
import { uuid } from '../kafka/protocol/codec.ts'
import { readBatchHeader, readRecords, splitBatches } from '../kafka/protocol/record-batch.ts'
import type { StoredRecord } from './fixtures.ts'

/** A partition and the node that leads it. */
export interface LedPartition {
  partition: number
  leaderId: number
}

/** Special timestamps of ListOffsets. */
const END = -1n
const START = -2n

/** Bytes that one Fetch may bring; a check's own topics are far smaller. */
const FETCH_BYTES = 16 * 1024 * 1024

/** The last version that names topics; from the next on they have ids (KIP-516). */
const FETCH_BY_NAME = 12

/** A consumer, not a replica. */
const CONSUMER = -1

/** Fetches in a row that may bring nothing before the end is reached; each waits for as long as the line below says. */
const MOST_EMPTY_FETCHES = 20
const FETCH_WAIT_MS = 250

/** The next offset to be written in each partition: the high watermark, so open transactions count, too. */
export function endOffsets(
  client: Client,
  topic: string,
  places: LedPartition[],
): Promise<Map<number, bigint>> {
  return listOffsets(client, topic, places, END)
}

/**
 * Every record up to the high watermark, those of open and aborted transactions among them (read_uncommitted), markers of
 * transactions left out. Reads each leader in its own row of requests.
 */
export async function readLog(
  client: Client,
  topic: string,
  places: LedPartition[],
): Promise<StoredRecord[]> {
  const [starts, ends] = await Promise.all([
    listOffsets(client, topic, places, START),
    listOffsets(client, topic, places, END),
  ])
  const cursors: Cursor[] = places.map(({ partition, leaderId }) => ({
    partition,
    leaderId,
    next: starts.get(partition) ?? 0n,
    end: ends.get(partition) ?? 0n,
    records: [],
  }))
  await Promise.all(byLeader(cursors).map(([nodeId, led]) => readLeader(client, topic, nodeId, led)))
  return cursors.flatMap(({ records }) => records)
}

/** Sorts places by their leader: each leader is asked only for what it leads. */
function byLeader<T extends LedPartition>(places: T[]): [leaderId: number, led: T[]][] {
  const leaders = new Set(places.map(({ leaderId }) => leaderId))
  return [...leaders].map((leader) => [leader, places.filter(({ leaderId }) => leaderId === leader)])
}

/** How far one partition has been read. */
interface Cursor extends LedPartition {
  next: bigint
  end: bigint
  records: StoredRecord[]
}

async function readLeader(client: Client, topic: string, nodeId: number, cursors: Cursor[]): Promise<void> {
  let empty = 0
  for (;;) {
    const open = cursors.filter(({ next, end }) => next < end)
    if (open.length === 0) return
    const before = open.map(({ next }) => next)
    const answer = await client.request(Fetch, FETCH_BY_NAME, fetchRequest(topic, open), { nodeId })
    throwOnError(answer.errorCode, `reading topic ${topic}`)
    for (const partition of answer.responses[0]?.partitions ?? []) {
      const cursor = open.find((one) => one.partition === partition.partitionIndex)
      throwOnError(partition.errorCode, `reading ${topic} partition ${partition.partitionIndex}`)
      if (cursor) advance(cursor, partition.records)
    }
    empty = open.some(({ next }, index) => next !== before[index]) ? 0 : empty + 1
    if (empty === MOST_EMPTY_FETCHES) {
      throw new BrokerError(`Topic ${topic} ends before its high watermark: ${JSON.stringify(stuck(open))}`)
    }
  }
}

function stuck(open: Cursor[]): unknown {
  return open.map(({ partition, next, end }) => ({ partition, next: Number(next), end: Number(end) }))
}

/** Takes the batches that one Fetch brought; the first may begin before the offset that was asked for. */
function advance(cursor: Cursor, bytes: Buffer | null): void {
  for (const batch of splitBatches(bytes ?? Buffer.alloc(0))) {
    const { baseOffset, lastOffsetDelta, control } = readBatchHeader(batch)
    const records = control ? [] : readRecords(batch)
    for (const record of records) {
      if (record.offset < cursor.next || record.offset >= cursor.end) continue
      cursor.records.push(storedRecord(cursor.partition, record))
    }
    cursor.next = baseOffset + BigInt(lastOffsetDelta) + 1n
  }
}

function storedRecord(partition: number, record: ReturnType<typeof readRecords>[number]): StoredRecord {
  const { offset, timestamp, key, value, headers } = record
  return {
    partition,
    offset: String(offset),
    timestamp: Number(timestamp),
    key: key?.toString('utf8') ?? null,
    value: value?.toString('utf8') ?? null,
    keyBytes: key,
    valueBytes: value,
    headers: Object.fromEntries(headers.map(([name, bytes]) => [name, bytes?.toString('utf8') ?? ''])),
    headerList: headers,
  }
}

function fetchRequest(topic: string, cursors: Cursor[]): Parameters<typeof Fetch.request.write>[1] {
  return {
    ...Fetch.request.absent,
    replicaId: CONSUMER,
    maxWaitMs: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [
      {
        topic,
        topicId: uuid.absent,
        partitions: cursors.map(({ partition, next }) => ({
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: next,
          lastFetchedEpoch: -1,
          logStartOffset: -1n,
          partitionMaxBytes: FETCH_BYTES,
        })),
      },
    ],
  }
}

type ListedPartition = ResponseOf<typeof ListOffsets>['topics'][number]['partitions'][number]

/** Asks every leader for its partitions, all leaders at once. */
async function listOffsets(
  client: Client,
  topic: string,
  places: LedPartition[],
  timestamp: bigint,
): Promise<Map<number, bigint>> {
  const answers = await Promise.all(
    byLeader(places).map(async ([nodeId, led]): Promise<ListedPartition[]> => {
      const partitions = led.map(({ partition }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: -1,
        timestamp,
      }))
      const body = { replicaId: CONSUMER, isolationLevel: 0, topics: [{ name: topic, partitions }] }
      return (await client.request(ListOffsets, 'highest', body, { nodeId })).topics[0]?.partitions ?? []
    }),
  )
  return new Map(
    answers.flat().map(({ partitionIndex, errorCode, offset }) => {
      throwOnError(errorCode, `reading the offsets of ${topic} partition ${partitionIndex}`)
      return [partitionIndex, offset]
    }),
  )
}
