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
  expect(guard(requestOf(name, body))).toBeNull()
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
])("another's %s is refused with an error", (name, body) => {
  expect(guard(requestOf(name, body))).toMatchObject({ drop: false, answer: expect.anything() })
})

test.each([
  ['DeleteTopics', { topicNames: ['wb-2-orders'] }],
  ['DeleteTopics', { topics: [{ name: null, topicId: 'b7a1f3aa-0000-4000-8000-000000000001' }] }],
  ['DeleteGroups', { groupsNames: ['wb-2-group'] }],
  ['FindCoordinator', { key: 'wb-2-tx', keyType: 1 }],
  ['FindCoordinator', { coordinatorKeys: ['wb-1-tx', 'wb-2-tx'], keyType: 1 }],
  ['EndTxn', { transactionalId: 'wb-2-tx' }],
  ['AddPartitionsToTxn', { v3AndBelowTransactionalId: 'wb-2-tx', v3AndBelowTopics: [] }],
  ['IncrementalAlterConfigs', { resources: [{ resourceType: BROKER, resourceName: '1' }] }],
  ['AlterConfigs', { resources: [{ resourceType: TOPIC, resourceName: 'wb-2-orders' }] }],
  ['CreateAcls', { creations: [] }],
  ['DeleteAcls', { filters: [] }],
  ['an API that nobody knows', null],
])("another's %s does not pass", (name, body) => {
  const strike = guard(requestOf(name, body))
  expect(strike?.drop || strike?.answer).toBeTruthy()
})
