import { expect, test } from 'vitest'
import { APIS } from '../../../kafka/protocol/apis.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { guardNames } from '../../../kafka/wiretap/guard.ts'
import type { OpenedRequest } from '../../../kafka/wiretap/open-frame.ts'

const guard = guardNames('wb-1-')

function requestOf(name: string, body: unknown): OpenedRequest {
  const api = [...APIS.values()].find((one) => one.name === name) ?? null
  const whole = api && { ...(api.request.absent as object), ...(body as object) }
  return { header: null, api, name, body: whole, unread: api ? null : 'not in the grammar', heldBytes: 0 }
}

const TOPIC = 2
const BROKER = 4

test.each([
  ['Metadata', { topics: null }],
  ['Metadata', { topics: [{ name: 'wb-1-orders', topicId: uuid.absent }] }],
  ['Produce', { transactionalId: null, topicData: [{ name: 'wb-1-orders', partitionData: [] }] }],
  ['JoinGroup', { groupId: 'wb-1-group' }],
  ['FindCoordinator', { key: 'wb-1-tx', keyType: 1 }],
  ['DescribeConfigs', { resources: [{ resourceType: BROKER, resourceName: '1' }] }],
  ['AlterConfigs', { resources: [{ resourceType: TOPIC, resourceName: 'wb-1-orders' }] }],
  ['ApiVersions', {}],
])('%s of the own run passes', (name, body) => {
  expect(guard.stop(requestOf(name, body))).toBeNull()
})

test.each([
  ['Metadata', { topics: [{ name: 'wb-2-orders', topicId: uuid.absent }] }],
  [
    'Produce',
    {
      topicData: [
        { name: 'wb-1-a', partitionData: [] },
        { name: 'b', partitionData: [] },
      ],
    },
  ],
  ['Fetch', { topics: [{ topic: 'wb-2-orders', topicId: uuid.absent, partitions: [] }] }],
  ['JoinGroup', { groupId: 'wb-2-group' }],
  ['DeleteTopics', { topicNames: ['wb-2-orders'] }],
  ['DeleteTopics', { topics: [{ name: null, topicId: 'b7a1f3aa-0000-4000-8000-000000000001' }] }],
  ['DeleteGroups', { groupsNames: ['wb-2-group'] }],
  ['DescribeGroups', { groups: ['wb-2-group'] }],
  ['EndTxn', { transactionalId: 'wb-2-tx' }],
  ['AlterConfigs', { resources: [{ resourceType: TOPIC, resourceName: 'wb-2-orders' }] }],
])("another's %s is refused with an error", (name, body) => {
  expect(guard.stop(requestOf(name, body))).toMatchObject({ drop: false, answer: expect.anything() })
})

test.each([
  ['FindCoordinator', { key: 'wb-2-tx', keyType: 1 }],
  ['FindCoordinator', { coordinatorKeys: ['wb-1-tx', 'wb-2-tx'], keyType: 1 }],
  ['AddPartitionsToTxn', { v3AndBelowTransactionalId: 'wb-2-tx', v3AndBelowTopics: [] }],
  ['IncrementalAlterConfigs', { resources: [{ resourceType: BROKER, resourceName: '1' }] }],
  ['SaslHandshake', { mechanism: 'PLAIN' }],
  ['DescribeAcls', {}],
  ['CreateAcls', { creations: [] }],
  ['DeleteAcls', { filters: [] }],
  ['an API that nobody knows', null],
])("another's %s does not pass", (name, body) => {
  const strike = guard.stop(requestOf(name, body))
  expect(strike?.drop || strike?.answer).toBeTruthy()
})

const answerOf = (name: string, body: object) => {
  const { api } = requestOf(name, {})
  return api && guard.hide(api, body)
}

test("others' topics and groups are not listed", () => {
  const topics = [{ name: 'wb-1-orders' }, { name: 'wb-2-orders' }, { name: '__consumer_offsets' }]
  expect(answerOf('Metadata', { topics })).toEqual({ topics: [{ name: 'wb-1-orders' }] })
  expect(answerOf('ListPartitionReassignments', { topics })).toEqual({ topics: [{ name: 'wb-1-orders' }] })
  const groups = [{ groupId: 'wb-1-group' }, { groupId: 'wb-12-group' }]
  expect(answerOf('ListGroups', { groups })).toEqual({ groups: [{ groupId: 'wb-1-group' }] })
  expect(answerOf('Produce', {})).toBeNull()
})

test('partitions are counted over all requests of a check', () => {
  const own = guardNames('wb-1-')
  const create = (numPartitions: number) =>
    own.stop(requestOf('CreateTopics', { topics: [{ name: 'wb-1-t', numPartitions, assignments: [] }] }))
  expect(create(301)).toMatchObject({ answer: { topics: [{ errorCode: 44 }] } })
  expect(create(200)).toBeNull()
  const grow = { topics: [{ name: 'wb-1-t', count: 101, assignments: null }] }
  expect(own.stop(requestOf('CreatePartitions', grow))).toMatchObject({ answer: expect.anything() })
  expect(create(100)).toBeNull()
  expect(create(-1)).not.toBeNull()
})

test('bytes are counted over all requests of a check', () => {
  const own = guardNames('wb-1-')
  const send = (bytes: number) => {
    const partitionData = [{ index: 0, records: Buffer.alloc(bytes) }]
    return own.stop(
      requestOf('Produce', { transactionalId: null, topicData: [{ name: 'wb-1-t', partitionData }] }),
    )
  }
  expect(send(60 * 1024 * 1024)).toBeNull()
  expect(send(5 * 1024 * 1024)).toMatchObject({ words: expect.stringContaining('bytes'), drop: false })
  expect(send(1024)).toBeNull()
})
