import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { Heartbeat } from '../protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../protocol/api/13-leave-group.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import { TxnOffsetCommit } from '../protocol/api/28-txn-offset-commit.ts'
import { readAssignment } from '../protocol/consumer-protocol.ts'
import { errorName } from '../protocol/error-codes.ts'
import { committedPartitions } from './commits.ts'
import type { Exchange } from './journal.ts'
import { shorten, showBytes } from './show-value.ts'
import { count, outcome, parts, type Teller, telling } from './telling.ts'

/** Characters of a member id, and of an assignment that is not a consumer's, that are shown. */
const MEMBER_WIDTH = 24
const ASSIGNMENT_WIDTH = 60

const findCoordinator = telling(FindCoordinator, (request, response) =>
  response?.errorCode ? [parts(request.key, `-> ${errorName(response.errorCode)}`)] : [],
)

function tellCommits(exchange: Exchange): string[] {
  return committedPartitions([exchange]).map(({ group, topic, partition, offset, error }) =>
    parts(
      `group ${group}`,
      `topic ${topic}`,
      `partition ${partition}`,
      `offset ${offset}`,
      error === null ? outcome(exchange) : `-> ${error}`,
    ),
  )
}
const offsetCommit = telling(OffsetCommit, (_request, _response, exchange) => tellCommits(exchange))
const txnOffsetCommit = telling(TxnOffsetCommit, (_request, _response, exchange) => tellCommits(exchange))

/** From version 8 on the answer has one entry for each group. */
const offsetFetch = telling(OffsetFetch, (request, response, exchange) => {
  const one = {
    groupId: request.groupId,
    topics: response?.topics ?? [],
    errorCode: response?.errorCode ?? 0,
  }
  return (response?.groups.length ? response.groups : [one]).flatMap(({ groupId, topics, errorCode }) => {
    if (!response || errorCode !== 0) return [parts(`group ${groupId}`, outcome(exchange, errorCode))]
    return topics.flatMap(({ name, partitions }) =>
      partitions.map((found) => {
        const offset = found.committedOffset === -1n ? 'no commit' : `offset ${found.committedOffset}`
        const ending = outcome(exchange, found.errorCode) || `-> ${offset}`
        return parts(`group ${groupId}`, `topic ${name}`, `partition ${found.partitionIndex}`, ending)
      }),
    )
  })
})

const joinGroup = telling(JoinGroup, (request, response, exchange) => {
  const joined = response?.errorCode === 0 && response
  return [
    parts(
      `group ${request.groupId}`,
      member(request.memberId),
      joined && `-> generation ${joined.generationId}`,
      joined && joined.leader === joined.memberId && `leads ${count(joined.members.length, 'member')}`,
      outcome(exchange, response?.errorCode),
    ),
  ]
})

const syncGroup = telling(SyncGroup, (request, response, exchange) => [
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
  if (topics === null) return showBytes(bytes, ASSIGNMENT_WIDTH)
  const owned = topics.filter(({ partitions }) => partitions.length > 0)
  if (owned.length === 0) return 'nothing'
  return owned.map(({ topic, partitions }) => `${topic} [${partitions.join(',')}]`).join(' ')
}

const heartbeat = telling(Heartbeat, (request, response, exchange) => [
  parts(`group ${request.groupId}`, member(request.memberId), outcome(exchange, response?.errorCode)),
])

const leaveGroup = telling(LeaveGroup, (request, response, exchange) => {
  const ids = request.memberId ? [request.memberId] : request.members.map(({ memberId }) => memberId)
  return [parts(`group ${request.groupId}`, ...ids.map(member), outcome(exchange, response?.errorCode))]
})

function member(id: string): string {
  return id === '' ? 'new member' : `member ${shorten(id, MEMBER_WIDTH)}`
}

/** What happens in a consumer group. */
export const groupTellers: Teller[] = [
  findCoordinator,
  offsetCommit,
  txnOffsetCommit,
  offsetFetch,
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
]
