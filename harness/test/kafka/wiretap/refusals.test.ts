import { describe, expect, test } from 'vitest'
import { type AnyApi, readResponse, writeResponse } from '../../../kafka/protocol/api.ts'
import { APIS } from '../../../kafka/protocol/apis.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { refusalOf } from '../../../kafka/wiretap/refusals.ts'

const INVALID_TOPIC = 17

/** A request that names one of everything; the grammar reads only the fields that an API has. */
const names = {
  Produce: { topicData: [{ name: 't', partitionData: [{ index: 4, records: null }] }] },
  Fetch: { topics: [{ topic: 't', topicId: uuid.absent, partitions: [{ partition: 4 }] }] },
  ListOffsets: { topics: [{ name: 't', partitions: [{ partitionIndex: 4 }] }] },
  Metadata: { topics: [{ topicId: uuid.absent, name: 't' }] },
  OffsetCommit: { topics: [{ name: 't', partitions: [{ partitionIndex: 4 }] }] },
  OffsetFetch: { topics: [{ name: 't', partitionIndexes: [4] }], groups: [{ groupId: 'g', topics: null }] },
  FindCoordinator: { key: 'g', coordinatorKeys: ['g'] },
  JoinGroup: { memberId: 'm' },
  SyncGroup: {},
  Heartbeat: {},
  LeaveGroup: {},
  InitProducerId: {},
  CreateTopics: { topics: [{ name: 't' }] },
  DescribeGroups: { groups: ['g'] },
  DeleteTopics: { topics: [{ name: 't', topicId: uuid.absent }], topicNames: ['t'] },
  DeleteRecords: { topics: [{ name: 't', partitions: [{ partitionIndex: 4 }] }] },
  OffsetForLeaderEpoch: { topics: [{ topic: 't', partitions: [{ partition: 4 }] }] },
  AddPartitionsToTxn: { v3AndBelowTopics: [{ name: 't', partitions: [4] }] },
  AddOffsetsToTxn: {},
  EndTxn: {},
  TxnOffsetCommit: { topics: [{ name: 't', partitions: [{ partitionIndex: 4 }] }] },
  DescribeConfigs: { resources: [{ resourceType: 2, resourceName: 't' }] },
  AlterConfigs: { resources: [{ resourceType: 2, resourceName: 't' }] },
  IncrementalAlterConfigs: { resources: [{ resourceType: 2, resourceName: 't' }] },
  CreatePartitions: { topics: [{ name: 't' }] },
  DeleteGroups: { groupsNames: ['g'] },
  OffsetDelete: {},
} as const

/** Every error code in an answer, wherever it stands. */
function errorCodes(value: unknown): number[] {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return []
  return Object.entries(value).flatMap(([name, one]) =>
    /^(partitionE|e)rrorCode$/.test(name) ? [one as number] : errorCodes(one),
  )
}

const refusable = [...APIS.values()].filter((api) => refusalOf(api))

test('the APIs that can be refused are those that the faults promise', () => {
  expect(refusable.map(({ name }) => name).sort()).toEqual(Object.keys(names).sort())
})

describe.each(refusable.map((api): [string, AnyApi] => [api.name, api]))('%s', (name, api) => {
  const [first, last] = api.versions
  const versions = Array.from({ length: last - first + 1 }, (_, index) => first + index)

  test.each(versions)(
    'version %i carries the error in an answer that reads back as it was written',
    (version) => {
      const request = { ...api.request.absent, ...names[name as keyof typeof names] }
      const frame = writeResponse(api, version, 1, refusalOf(api)?.(request, INVALID_TOPIC))
      const { body } = readResponse(api, version, frame.subarray(4))
      expect(new Set(errorCodes(body))).toContain(INVALID_TOPIC)
      expect(writeResponse(api, version, 1, body)).toEqual(frame)
    },
  )
})

test('Metadata of all topics has no place for an error', () => {
  const metadata = refusable.find(({ name }) => name === 'Metadata') as AnyApi
  expect(refusalOf(metadata)?.({ topics: null }, INVALID_TOPIC)).toBeNull()
  expect(refusalOf(metadata)?.({ topics: [] }, INVALID_TOPIC)).toBeNull()
})
