import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { ListGroups } from '../../../kafka/protocol/api/16-list-groups.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { createTopic } from '../clients/topic.ts'
import { freshName, testBroker } from '../test-broker.ts'

/* What newer clients ask, Kafka's own tools above all; on the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
})

afterAll(async () => {
  client.close()
  await broker.close()
})

test('ListOffsets finds the first record with the latest time, from version 7 on', async () => {
  const name = await createTopic(broker.bootstrap)
  const now = BigInt(Date.now())
  const find = async (version: number) => {
    const asked = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -3n }
    const body = { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions: [asked] }] }
    return (await client.request(ListOffsets, version, body)).topics[0]?.partitions[0]
  }
  expect(await find(7)).toMatchObject({ errorCode: 0, offset: -1n, timestamp: -1n })
  const times = [now - 5n, now, now, now - 1n]
  const records = times.map((timestamp) => ({ timestamp, key: null, value: null, headers: [] }))
  const partitionData = [{ index: 0, records: writeBatch({ records }) }]
  await client.request(Produce, 8, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ name, partitionData }],
  })
  expect(await find(7)).toMatchObject({ errorCode: 0, offset: 1n, timestamp: now })
  expect(errorName((await find(6))?.errorCode ?? 0)).toBe('UNSUPPORTED_VERSION')
})

test('ListGroups tells states and types, and chooses by them in any case', async () => {
  const name = await createTopic(broker.bootstrap)
  const groupId = freshName()
  const partition = {
    partitionIndex: 0,
    committedOffset: 0n,
    committedLeaderEpoch: -1,
    committedMetadata: '',
  }
  const commit = { ...OffsetCommit.request.absent, groupId, generationIdOrMemberEpoch: -1 }
  const topics = [{ name, partitions: [partition] }]
  await client.request(OffsetCommit, 7, { ...commit, topics }, { coordinatorOf: groupId })
  const list = async (statesFilter: string[], typesFilter: string[]) => {
    const { groups } = await client.request(ListGroups, 5, { statesFilter, typesFilter })
    return groups.filter((one) => one.groupId === groupId)
  }
  const expected = [{ groupId, protocolType: '', groupState: 'Empty', groupType: 'classic' }]
  expect(await list([], [])).toEqual(expected)
  expect(await list(['stable', 'EMPTY'], ['Classic'])).toEqual(expected)
  expect(await list(['Stable'], [])).toEqual([])
  expect(await list([], ['consumer'])).toEqual([])
})

test('Metadata tells the id of a topic, from version 10 on', async () => {
  const name = await createTopic(broker.bootstrap)
  const { topics } = await client.metadata([name])
  expect(topics[0]?.topicId).toMatch(/^[\w-]{22}$/)
  expect(topics[0]?.topicId).not.toBe('A'.repeat(22))
})

test('FindCoordinator answers several keys at once, from version 4 on, each with its own error', async () => {
  const find = (keyType: number, ...coordinatorKeys: string[]) =>
    client.request(FindCoordinator, 4, { key: '', keyType, coordinatorKeys })
  const [node] = [...client.nodes().keys()]
  await expect.poll(async () => (await find(0, 'g')).coordinators[0]?.errorCode).toBe(0)
  const found = (await find(0, 'g', 'h', 'g')).coordinators
  expect(
    found.map(({ key, nodeId, errorCode, errorMessage }) => [key, nodeId, errorCode, errorMessage]),
  ).toEqual([
    ['g', node, 0, ''],
    ['h', node, 0, ''],
    ['g', node, 0, ''],
  ])
  const [refused] = (await find(7, 'g')).coordinators
  expect(refused).toMatchObject({ key: 'g', nodeId: -1, host: '', port: -1 })
  expect(errorName(refused?.errorCode ?? 0)).toBe('INVALID_REQUEST')
  expect((await find(0)).coordinators).toEqual([])
})

test('DescribeConfigs without a name tells what all nodes share', async () => {
  const all = { resourceType: 4, resourceName: '', configurationKeys: null }
  const body = { resources: [all], includeSynonyms: true, includeDocumentation: false }
  const { results } = await client.request(DescribeConfigs, 3, body)
  const name = 'min.insync.replicas'
  const place = { readOnly: false, configSource: 3, isSensitive: false, configType: 3, documentation: null }
  const config = { name, value: '1', ...place, synonyms: [{ name, value: '1', source: 3 }] }
  expect(results).toEqual([
    { errorCode: 0, errorMessage: '', resourceType: 4, resourceName: '', configs: [config] },
  ])
})
