import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { ListOffsets } from '../protocol/api/02-list-offsets.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { Heartbeat } from '../protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../protocol/api/13-leave-group.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { InitProducerId } from '../protocol/api/22-init-producer-id.ts'
import { EndTxn } from '../protocol/api/26-end-txn.ts'
import type { Api } from '../protocol/api.ts'
import { errorName } from '../protocol/error-codes.ts'
import { readBatchHeader, splitBatches } from '../protocol/record-batch.ts'
import { readAssignment } from './assignment.ts'
import { committedPartitions } from './commits.ts'
import type { Exchange, ProducedRecord } from './journal.ts'
import { producedPartitions } from './produced.ts'
import { shorten, showBytes } from './show-value.ts'

/** Characters of a key, a value and a member id that are shown. */
const KEY_WIDTH = 30
const VALUE_WIDTH = 60
const MEMBER_WIDTH = 24

/** Records of one partition of one request that are shown one by one. */
const MOST_RECORDS = 5

/** The facts of one exchange, one line each, without the API's name. None: there is nothing to tell a learner. */
export function factsOf(exchange: Exchange): string[] {
  if (exchange.unread !== undefined) return [exchange.unread]
  const tell = tellers.get(exchange.api)
  return tell ? tell(exchange) : [parts(outcome(exchange))]
}

const tellers = new Map<string, (exchange: Exchange) => string[]>()

function telling<Request, Response>(
  api: Api<Request, Response>,
  tell: (request: Request, response: Response | null, exchange: Exchange) => string[],
): void {
  tellers.set(api.name, (exchange) =>
    tell(exchange.request as Request, exchange.response as Response | null, exchange),
  )
}

function parts(...all: (string | false)[]): string {
  return all.filter(Boolean).join('  ')
}

/** How a request ended that has one error code, or none that is shown. */
function outcome(exchange: Exchange, errorCode = 0): string | false {
  if (exchange.responseAtMs === null) return '-> no answer'
  return errorCode !== 0 && `-> ${errorName(errorCode)}`
}

telling(ApiVersions, () => [])

telling(Metadata, (_request, response) =>
  (response?.topics ?? [])
    .filter(({ errorCode }) => errorCode !== 0)
    .map(({ name, errorCode }) => parts(name, `-> ${errorName(errorCode)}`)),
)

telling(FindCoordinator, (request, response) =>
  response?.errorCode ? [parts(request.key, `-> ${errorName(response.errorCode)}`)] : [],
)

telling(Produce, (_request, _response, exchange) =>
  producedPartitions(exchange).flatMap(({ topic, partition, records, unread }) => {
    if (unread !== null) return [parts(topic, `partition ${partition}`, unread)]
    const lines = records.slice(0, MOST_RECORDS).map(tellRecord)
    const left = records.length - lines.length
    return left > 0
      ? [...lines, parts(topic, `partition ${partition}`, `and ${count(left, 'more record')}`)]
      : lines
  }),
)

function tellRecord(record: ProducedRecord): string {
  const { topic, partition, acks, key, value, headers, transactional, exchange } = record
  return parts(
    topic,
    `partition ${partition}`,
    `acks ${acks}`,
    transactional && 'in a transaction',
    `key ${key === null ? 'null' : JSON.stringify(showBytes(key, KEY_WIDTH))}`,
    headers.length > 0 && `headers ${headers.map(([name]) => name).join(', ')}`,
    value === null ? 'value null' : showBytes(value, VALUE_WIDTH),
    record.offset !== null && `-> offset ${record.offset}`,
    record.error !== null && `-> ${record.error}`,
    acks !== 0 && exchange.responseAtMs === null && '-> no answer',
  )
}

/** A fetch that brought nothing is left out: consumers ask all the time. */
telling(Fetch, (request, response) =>
  (response?.responses ?? []).flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partitionIndex, errorCode, records }) => {
      const asked = request.topics
        .find((one) => one.topic === topic)
        ?.partitions.find((one) => one.partition === partitionIndex)
      const from = asked?.fetchOffset ?? 0n
      const found = countRecords(records, from)
      if (errorCode === 0 && found === 0) return []
      const result = errorCode === 0 ? count(found, 'record') : errorName(errorCode)
      return [parts(topic, `partition ${partitionIndex}`, `from offset ${from}`, `-> ${result}`)]
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

telling(ListOffsets, (request, response, exchange) =>
  request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, timestamp }) => {
      const found = response?.topics
        .find((one) => one.name === name)
        ?.partitions.find((one) => one.partitionIndex === partitionIndex)
      const what = timestamp === -1n ? 'end' : timestamp === -2n ? 'start' : `first at or after ${timestamp}`
      const offset = found && found.errorCode === 0 && `-> offset ${found.offset}`
      return parts(name, `partition ${partitionIndex}`, what, offset || outcome(exchange, found?.errorCode))
    }),
  ),
)

function tellCommits(exchange: Exchange): string[] {
  return committedPartitions([exchange]).map(({ group, topic, partition, offset, error }) =>
    parts(
      `group ${group}`,
      topic,
      `partition ${partition}`,
      `offset ${offset}`,
      error === null ? outcome(exchange) : `-> ${error}`,
    ),
  )
}
tellers.set('OffsetCommit', tellCommits)
tellers.set('TxnOffsetCommit', tellCommits)

telling(OffsetFetch, (request, response, exchange) => {
  if (response?.errorCode !== 0) {
    return [parts(`group ${request.groupId}`, outcome(exchange, response?.errorCode))]
  }
  return response.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, errorCode }) => {
      const found = committedOffset === -1n ? 'no commit' : `offset ${committedOffset}`
      return parts(
        `group ${request.groupId}`,
        name,
        `partition ${partitionIndex}`,
        outcome(exchange, errorCode) || `-> ${found}`,
      )
    }),
  )
})

telling(JoinGroup, (request, response, exchange) => {
  const id = request.memberId || response?.memberId || ''
  const joined = response?.errorCode === 0 && response
  return [
    parts(
      `group ${request.groupId}`,
      member(id),
      joined && `-> generation ${joined.generationId}`,
      joined && joined.leader === joined.memberId && `leads ${count(joined.members.length, 'member')}`,
      outcome(exchange, response?.errorCode),
    ),
  ]
})

telling(SyncGroup, (request, response, exchange) => [
  parts(
    `group ${request.groupId}`,
    member(request.memberId),
    `generation ${request.generationId}`,
    response?.errorCode === 0 && `assigned ${showAssignment(response.assignment)}`,
    outcome(exchange, response?.errorCode),
  ),
])

function showAssignment(bytes: Buffer): string {
  const topics = readAssignment(bytes)
  if (topics === null) return showBytes(bytes, VALUE_WIDTH)
  const owned = topics.filter(({ partitions }) => partitions.length > 0)
  if (owned.length === 0) return 'nothing'
  return owned.map(({ topic, partitions }) => `${topic} [${partitions.join(',')}]`).join(' ')
}

telling(Heartbeat, (request, response, exchange) => [
  parts(`group ${request.groupId}`, member(request.memberId), outcome(exchange, response?.errorCode)),
])

telling(LeaveGroup, (request, response, exchange) => {
  const ids = request.memberId ? [request.memberId] : request.members.map(({ memberId }) => memberId)
  return [parts(`group ${request.groupId}`, ...ids.map(member), outcome(exchange, response?.errorCode))]
})

telling(CreateTopics, (request, response, exchange) =>
  request.topics.map(({ name, numPartitions, assignments }) => {
    const found = response?.topics.find((one) => one.name === name)
    const partitions = assignments.length || numPartitions
    const size = partitions < 0 ? 'default number of partitions' : count(partitions, 'partition')
    return parts(name, size, found?.errorCode === 0 ? '-> created' : outcome(exchange, found?.errorCode))
  }),
)

telling(InitProducerId, (request, response, exchange) => [
  parts(
    request.transactionalId !== null && `transactional id ${request.transactionalId}`,
    response?.errorCode === 0 && `-> producer ${response.producerId} epoch ${response.producerEpoch}`,
    outcome(exchange, response?.errorCode),
  ),
])

telling(EndTxn, (request, response, exchange) => [
  parts(
    `transactional id ${request.transactionalId}`,
    request.committed ? 'commit' : 'abort',
    outcome(exchange, response?.errorCode),
  ),
])

function member(id: string): string {
  return id === '' ? 'new member' : `member ${shorten(id, MEMBER_WIDTH)}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
