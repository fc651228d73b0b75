import { retryOn, throwOnError } from '../kafka/client/broker-error.ts'
import type { Client } from '../kafka/client/client.ts'
import { OffsetFetch } from '../kafka/protocol/api/09-offset-fetch.ts'
import { DescribeGroups } from '../kafka/protocol/api/15-describe-groups.ts'
import type { ResponseOf } from '../kafka/protocol/api.ts'
import type { GroupView } from './fixtures.ts'
import { topicView } from './topic-view.ts'

/** How long a coordinator may take to come up, in milliseconds. */
const COORDINATOR_MS = 10_000
const NOT_YET = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']

/** The version of OffsetFetch up to which one request is about one group. */
const ONE_GROUP = 7

/**
 * A consumer group as its coordinator has it. Requests go over the harness's own `client`, past the wiretap, and change
 * nothing. Every function rejects with BrokerError when the broker does not do its part.
 */
export function groupView(client: Client, group: string, topicName: string): GroupView {
  return {
    name: group,
    committed: (topic = topicName) => committed(client, group, topic),
    state: async () => (await describe(client, group)).groupState,
    members: async () => (await describe(client, group)).members.map(({ clientId }) => clientId),
  }
}

async function committed(
  client: Client,
  group: string,
  topic: string,
): Promise<Record<number, string | null>> {
  const partitions = (await topicView(client, topic).partitions()) ?? 0
  const partitionIndexes = Array.from({ length: partitions }, (_, index) => index)
  const body = { ...OffsetFetch.request.absent, groupId: group, topics: [{ name: topic, partitionIndexes }] }
  const doing = `reading the commits of group ${group}`
  return retryOn(NOT_YET, COORDINATOR_MS, async () => {
    const answer = await client.request(OffsetFetch, ONE_GROUP, body, { coordinatorOf: group })
    throwOnError(answer.errorCode, doing)
    const found = answer.topics.flatMap((one) => one.partitions)
    for (const { errorCode } of found) throwOnError(errorCode, doing)
    return Object.fromEntries(found.map((one) => [one.partitionIndex, offsetOf(one.committedOffset)]))
  })
}

/** Kafka says -1 for "no commit". */
function offsetOf(committedOffset: bigint): string | null {
  return committedOffset === -1n ? null : String(committedOffset)
}

type Description = ResponseOf<typeof DescribeGroups>['groups'][number]

/** A group that does not exist is `Dead` and has no members. */
function describe(client: Client, group: string): Promise<Description> {
  const body = { groups: [group], includeAuthorizedOperations: false }
  return retryOn(NOT_YET, COORDINATOR_MS, async () => {
    const answer = await client.request(DescribeGroups, 'highest', body, { coordinatorOf: group })
    const found = answer.groups[0]
    throwOnError(found?.errorCode ?? -1, `describing group ${group}`)
    return found as Description
  })
}
