import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canNameGroups, canNameTopics, groupsIn, topicsIn } from '../../../kafka/wiretap/named-in-request.ts'
import { openRequest } from '../../../kafka/wiretap/open-frame.ts'
import type { RecordedExchange } from '../../../verify/record-frames.ts'

const recorded: RecordedExchange[] = JSON.parse(
  readFileSync(new URL('../protocol/recorded/4.3.1.json', import.meta.url), 'utf8'),
)
const requests = recorded.map(({ request }) => openRequest(Buffer.from(request, 'base64')))

function apisWith(named: (body: unknown) => string[], prefix: string): string[] {
  return requests
    .filter(({ body }) => named(body).some((name) => name.startsWith(prefix)))
    .map(({ name }) => name)
}

// kafkajs was recorded while it asked Metadata for all topics.
test('every API that kafkajs names a topic in is seen to name it', () => {
  expect(apisWith(topicsIn, 'recorded-')).toEqual([
    'Produce',
    'Fetch',
    'ListOffsets',
    'OffsetCommit',
    'OffsetFetch',
    'CreateTopics',
    'DeleteTopics',
    'DeleteRecords',
    'AddPartitionsToTxn',
    'TxnOffsetCommit',
    'DescribeConfigs',
    'AlterConfigs',
    'CreatePartitions',
    'AlterPartitionReassignments',
    'ListPartitionReassignments',
  ])
})

test('every API that kafkajs names a group in is seen to name it', () => {
  expect(apisWith(groupsIn, 'readers-')).toEqual([
    'OffsetCommit',
    'OffsetFetch',
    'FindCoordinator',
    'JoinGroup',
    'Heartbeat',
    'LeaveGroup',
    'SyncGroup',
    'DescribeGroups',
    'AddOffsetsToTxn',
    'TxnOffsetCommit',
    'DeleteGroups',
  ])
})

test('what is seen to be named can be named, as the grammar says', () => {
  for (const { api, body } of requests) {
    if (api && topicsIn(body).length > 0) expect(canNameTopics(api), api.name).toBe(true)
    if (api && groupsIn(body).length > 0) expect(canNameGroups(api), api.name).toBe(true)
  }
})
