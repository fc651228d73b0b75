import { describe, expect, it } from 'vitest'
import { fenceNode, unfenceNode } from '../../../kafka/embedded/failover.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { ListGroups } from '../../../kafka/protocol/api/16-list-groups.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { CreatePartitions } from '../../../kafka/protocol/api/37-create-partitions.ts'
import { DeleteGroups } from '../../../kafka/protocol/api/42-delete-groups.ts'
import { IncrementalAlterConfigs } from '../../../kafka/protocol/api/44-incremental-alter-configs.ts'
import { OffsetDelete } from '../../../kafka/protocol/api/47-offset-delete.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { readBatchHeader, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, type InMemoryClient, inMemoryClient } from './in-memory-client.ts'
import { manualClock } from './manual-clock.ts'
import { configs, fetchFrom, newTopic, produceTo, record } from './requests.ts'

/* Three nodes over one state, asked by raw requests. What they answer was compared with three nodes of Kafka 4.3.1. */

type Topic = Parameters<typeof newTopic>[1]

/** Nodes 1, 2 and 3, a client of each, and one topic `t` whose first partition node 1 leads. */
async function cluster(given: Topic = { numPartitions: 3, replicationFactor: 3 }) {
  const clock = manualClock()
  const state = clusterWithoutSockets({ nodes: 3, clock })
  const clients = [1, 2, 3].map((id) => inMemoryClient(state, id)) as [
    InMemoryClient,
    InMemoryClient,
    InMemoryClient,
  ]
  const create = async (name: string, topic: Topic, on = clients[0]) => {
    const body = { topics: [newTopic(name, topic)], timeoutMs: 1000, validateOnly: false }
    const { topics } = await on.call(CreateTopics, 4, body)
    return [errorName(topics[0]?.errorCode ?? -1), topics[0]?.errorMessage]
  }
  const [outcome] = await create('t', given)
  expect(outcome).toBe('NONE')
  return { clock, state, clients, create }
}

async function partitionsOf(client: InMemoryClient, topic = 't', version = 8) {
  const body = { ...Metadata.request.absent, topics: [{ topicId: uuid.absent, name: topic }] }
  const { topics } = await client.call(Metadata, version, body)
  return topics[0]?.partitions ?? []
}

async function send(client: InMemoryClient, acks = -1): Promise<string> {
  const records = oneRecord()
  const { responses } = await client.call(Produce, 7, produceTo('t', records, acks))
  return errorName(responses[0]?.partitionResponses[0]?.errorCode ?? -1)
}

async function read(client: InMemoryClient, { version = 11, topic = 't', epoch = -1 } = {}) {
  const request = fetchFrom(topic, 0n)
  const [asked] = request.topics[0]?.partitions ?? []
  if (asked) asked.currentLeaderEpoch = epoch
  const { responses } = await client.call(Fetch, version, request)
  const [found] = responses[0]?.partitions ?? []
  return { error: errorName(found?.errorCode ?? -1), end: found?.highWatermark, records: found?.records }
}

async function listEnd(client: InMemoryClient, currentLeaderEpoch = -1) {
  const partitions = [{ ...PARTITION, currentLeaderEpoch }]
  const body = { replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions }] }
  const { topics } = await client.call(ListOffsets, 5, body)
  const [found] = topics[0]?.partitions ?? []
  return [errorName(found?.errorCode ?? -1), found?.offset, found?.leaderEpoch]
}

const PARTITION = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n, maxNumOffsets: 1 }
/** Of the time at which a manual clock starts. */
const oneRecord = () => writeBatch({ records: [record(null, 'value', manualClock().now())] })

const NO_LEADER_HERE = 'NOT_LEADER_OR_FOLLOWER'

describe('a topic of three replicas on three nodes', () => {
  it('has a leader on each, and the same answer from each', async () => {
    const { clients } = await cluster()
    for (const client of clients) {
      expect(await partitionsOf(client)).toMatchObject([
        { leaderId: 1, leaderEpoch: 0, replicaNodes: [1, 2, 3], isrNodes: [1, 2, 3], offlineReplicas: [] },
        { leaderId: 2, leaderEpoch: 0, replicaNodes: [2, 3, 1], isrNodes: [2, 3, 1], offlineReplicas: [] },
        { leaderId: 3, leaderEpoch: 0, replicaNodes: [3, 1, 2], isrNodes: [3, 1, 2], offlineReplicas: [] },
      ])
    }
  })

  it('goes on in the row with further topics and partitions', async () => {
    const { clients, create } = await cluster({ numPartitions: 1, replicationFactor: 2 })
    await create('second', { numPartitions: 1, replicationFactor: 1 }, clients[2])
    expect(await partitionsOf(clients[1], 'second')).toMatchObject([{ replicaNodes: [2] }])
    const topics = [{ name: 't', count: 3, assignments: null }]
    await clients[1].call(CreatePartitions, 1, { topics, timeoutMs: 1000, validateOnly: false })
    const replicas = (await partitionsOf(clients[0])).map(({ replicaNodes }) => replicaNodes)
    expect(replicas).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ])
  })

  it('cannot have more replicas than there are nodes, fenced ones too', async () => {
    const { state, create } = await cluster()
    fenceNode(state, 3)
    expect(await create('three', { replicationFactor: 3 })).toEqual(['NONE', null])
    expect(state.topics.partition('three', 0)).toMatchObject({ replicas: [2, 1, 3], isr: [2, 1] })
    const [error, text] = await create('four', { replicationFactor: 4 })
    expect(error).toBe('INVALID_REPLICATION_FACTOR')
    expect(text).toContain('only 3 broker(s) are registered')
  })

  it.each([
    [[[1, 2], [3]], 'a partition with 1 replica(s), but this is not consistent with previous partitions'],
    [[[3]], 'partition 0 are fenced or in controlled shutdown'],
  ])('placed by hand as %j is refused while node 3 is down', async (replicas, words) => {
    const { state, create } = await cluster()
    fenceNode(state, 3)
    const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
    const [error, text] = await create('by-hand', { numPartitions: -1, replicationFactor: -1, assignments })
    expect(error).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(text).toContain(words)
  })
})

describe('a node that does not lead the partition', () => {
  it('takes no records and names no offsets', async () => {
    const { clients } = await cluster()
    expect(await send(clients[1])).toBe(NO_LEADER_HERE)
    expect(await send(clients[0])).toBe('NONE')
    expect(await listEnd(clients[1])).toEqual([NO_LEADER_HERE, -1n, -1])
    expect(await listEnd(clients[0])).toEqual(['NONE', 1n, 0])
  })

  it('closes the connection on acks=0, so that the client notices', async () => {
    const { clients } = await cluster()
    clients[1].send(Produce, 7, produceTo('t', oneRecord(), 0))
    await clients[1].closed
  })

  it('deletes no records', async () => {
    const { clients } = await cluster()
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0n }] }]
    const answers = clients.map((client) => client.call(DeleteRecords, 1, { topics, timeoutMs: 1000 }))
    const errors = (await Promise.all(answers)).map((one) => one.topics[0]?.partitions[0]?.errorCode ?? -1)
    expect(errors.map(errorName)).toEqual(['NONE', NO_LEADER_HERE, NO_LEADER_HERE])
  })

  it('lets consumers read from version 11 on, when it has a replica (KIP-392)', async () => {
    const { clients, create } = await cluster()
    await create('alone', { replicationFactor: 1 }, clients[0])
    await send(clients[0])
    expect(await read(clients[1], { version: 10 })).toMatchObject({ error: NO_LEADER_HERE })
    expect(await read(clients[1], { version: 11 })).toMatchObject({ error: 'NONE', end: 1n })
    expect(await read(clients[0], { topic: 'alone' })).toMatchObject({ error: NO_LEADER_HERE })
    expect(await read(clients[1], { topic: 'alone' })).toMatchObject({ error: 'NONE' })
  })

  it('knows the epoch when it has a replica, and does not look at it otherwise', async () => {
    const { clients, create } = await cluster()
    await create('alone', { replicationFactor: 1 })
    expect(await read(clients[1], { epoch: 5 })).toMatchObject({ error: 'UNKNOWN_LEADER_EPOCH' })
    expect(await read(clients[0], { topic: 'alone', epoch: 5 })).toMatchObject({ error: NO_LEADER_HERE })
  })

  it('describes only its own settings', async () => {
    const { clients } = await cluster()
    const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: null }]
    const body = { resources, includeSynonyms: false, includeDocumentation: false }
    const [own, other] = [
      await clients[0].call(DescribeConfigs, 2, body),
      await clients[1].call(DescribeConfigs, 2, body),
    ]
    expect(own.results[0]?.errorCode).toBe(0)
    const text = 'Unexpected broker id, expected 2 or empty string, but received 1'
    expect(other.results[0]?.errorMessage).toBe(text)
  })
})

describe('when a leader is fenced', () => {
  it('others lead in its place, under the next epoch, with all its records', async () => {
    const { state, clients } = await cluster()
    await send(clients[0])
    fenceNode(state, 1)
    const { brokers, controllerId } = await clients[1].call(Metadata, 8, Metadata.request.absent)
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3])
    expect(controllerId).toBe(2)
    expect((await partitionsOf(clients[1]))[0]).toMatchObject({
      errorCode: 0,
      leaderId: 2,
      leaderEpoch: 1,
      replicaNodes: [1, 2, 3],
      isrNodes: [2, 3],
      offlineReplicas: [1],
    })
    expect(await send(clients[1])).toBe('NONE')
    expect(await listEnd(clients[1], 0)).toEqual(['FENCED_LEADER_EPOCH', -1n, -1])
    expect(await listEnd(clients[1], 1)).toEqual(['NONE', 2n, 1])
    const { records } = await read(clients[1])
    const first = readBatchHeader(records as Buffer)
    expect(first.partitionLeaderEpoch).toBe(0)
  })

  it('version 0 of Metadata tells it by an error, and hides the replica', async () => {
    const { state, clients } = await cluster()
    fenceNode(state, 1)
    const [first] = await partitionsOf(clients[1], 't', 0)
    expect(errorName(first?.errorCode ?? -1)).toBe('REPLICA_NOT_AVAILABLE')
    expect(first?.replicaNodes).toEqual([2, 3])
  })

  it('a consumer that waits for records is told at once', async () => {
    const { state, clients } = await cluster()
    const request = fetchFrom('t', 0n, { maxWaitMs: 60_000 })
    const waiting = clients[0].call(Fetch, 10, request)
    await clients[1].call(Metadata, 8, Metadata.request.absent)
    fenceNode(state, 1)
    const { responses } = await waiting
    expect(errorName(responses[0]?.partitions[0]?.errorCode ?? 0)).toBe(NO_LEADER_HERE)
  })

  it('and no replica is left, the partition has no leader until one of them is back', async () => {
    const { state, clients } = await cluster({ numPartitions: 1, replicationFactor: 1 })
    await send(clients[0])
    fenceNode(state, 1)
    const [down] = await partitionsOf(clients[1])
    expect(down).toMatchObject({ leaderId: -1, leaderEpoch: 1, isrNodes: [], offlineReplicas: [1] })
    expect(errorName(down?.errorCode ?? 0)).toBe('LEADER_NOT_AVAILABLE')
    unfenceNode(state, 1)
    expect(await partitionsOf(clients[1])).toMatchObject([{ errorCode: 0, leaderId: 1, leaderEpoch: 2 }])
    expect(await listEnd(clients[0])).toEqual(['NONE', 1n, 2])
  })
})

describe('min.insync.replicas', () => {
  const two = { replicationFactor: 3, configs: configs({ 'min.insync.replicas': '2' }) }

  it('refuses acks=all before anything is stored; acks=1 is stored, and not seen yet', async () => {
    const { state, clients } = await cluster(two)
    fenceNode(state, 2)
    expect(await send(clients[0])).toBe('NONE')
    fenceNode(state, 3)
    expect(await send(clients[0])).toBe('NOT_ENOUGH_REPLICAS')
    expect(await send(clients[0], 1)).toBe('NONE')
    expect(state.topics.partition('t', 0)?.log).toMatchObject({ endOffset: 2n, highWatermark: 1n })
    const seen = await read(clients[0])
    expect(seen.end).toBe(1n)
    expect(readBatchHeader(seen.records as Buffer).lastOffsetDelta).toBe(0)
    unfenceNode(state, 3)
    expect(await send(clients[0])).toBe('NONE')
    expect((await read(clients[0])).end).toBe(3n)
  })

  it('holds no more than there are replicas', async () => {
    const { clients } = await cluster({ ...two, replicationFactor: 1 })
    expect(await send(clients[0])).toBe('NONE')
  })

  it('that is lowered lets the records be seen', async () => {
    const { state, clients } = await cluster(two)
    fenceNode(state, 2)
    fenceNode(state, 3)
    await send(clients[0], 1)
    expect((await read(clients[0])).end).toBe(0n)
    const change = { name: 'min.insync.replicas', configOperation: 0, value: '1' }
    const resources = [{ resourceType: 2, resourceName: 't', configs: [change] }]
    await clients[0].call(IncrementalAlterConfigs, 0, { resources, validateOnly: false })
    expect((await read(clients[0])).end).toBe(1n)
  })
})

describe('coordinators', () => {
  const find = async (client: InMemoryClient, key: string, keyType = 0) => {
    const { nodeId, port } = await client.call(FindCoordinator, 2, { key, keyType, coordinatorKeys: [] })
    return { nodeId, port }
  }

  it('are found by the hash of the id: the partition that Java computes, node by node', async () => {
    const { clients } = await cluster()
    // String.hashCode: a is 97, b is 98, c is 99; `polygenelubricants` is the lowest INT32, which counts as 0.
    const keys = ['a', 'b', 'c', 'polygenelubricants']
    const found = await Promise.all(keys.map((key) => find(clients[0], key)))
    expect(found.map(({ nodeId }) => nodeId)).toEqual([97, 98, 99, 0].map((hash) => ((hash % 50) % 3) + 1))
    expect(await find(clients[2], 'a')).toEqual(await find(clients[1], 'a'))
    expect(await find(clients[0], 'a', 1)).toEqual(await find(clients[0], 'a'))
  })

  it('move when their node is fenced, and stay there', async () => {
    const { state, clients } = await cluster()
    expect(await find(clients[0], 'a')).toEqual({ nodeId: 3, port: 9094 })
    fenceNode(state, 3)
    expect((await find(clients[0], 'a')).nodeId).toBe(1)
    unfenceNode(state, 3)
    expect((await find(clients[0], 'a')).nodeId).toBe(1)
  })

  it('serve their groups alone', async () => {
    const { clients } = await cluster()
    const [elsewhere, , coordinator] = clients
    const member = { groupId: 'a', generationId: 1, memberId: 'm', groupInstanceId: null }
    const questions: ((client: InMemoryClient) => Promise<number | undefined>)[] = [
      async (client) => (await client.call(JoinGroup, 5, { ...JOIN, groupId: 'a' })).errorCode,
      async (client) =>
        (await client.call(SyncGroup, 3, { ...SyncGroup.request.absent, ...member })).errorCode,
      async (client) => (await client.call(Heartbeat, 3, member)).errorCode,
      async (client) =>
        (await client.call(LeaveGroup, 3, { groupId: 'a', memberId: '', members: [] })).errorCode,
      async (client) => (await client.call(OffsetCommit, 7, COMMIT)).topics[0]?.partitions[0]?.errorCode,
      async (client) => (await client.call(OffsetFetch, 5, OFFSETS)).errorCode,
      async (client) => (await client.call(OffsetFetch, 1, OFFSETS)).topics[0]?.partitions[0]?.errorCode,
      async (client) => (await client.call(DescribeGroups, 4, DESCRIBE)).groups[0]?.errorCode,
      async (client) => (await client.call(OffsetDelete, 0, { groupId: 'a', topics: [] })).errorCode,
      async (client) => (await client.call(DeleteGroups, 1, { groupsNames: ['a'] })).results[0]?.errorCode,
      async (client) => (await client.call(InitProducerId, 1, PRODUCER)).errorCode,
      async (client) => (await client.call(AddOffsetsToTxn, 1, { ...OPEN, groupId: 'a' })).errorCode,
      async (client) => (await client.call(EndTxn, 1, { ...OPEN, committed: true })).errorCode,
      async (client) => {
        const { resultsByTopicV3AndBelow } = await client.call(AddPartitionsToTxn, 1, ADD_PARTITIONS)
        return resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode
      },
      async (client) => {
        const { topics } = await client.call(TxnOffsetCommit, 2, TXN_COMMIT)
        return topics[0]?.partitions[0]?.errorCode
      },
    ]
    for (const question of questions) {
      expect(errorName((await question(elsewhere)) ?? -1)).toBe('NOT_COORDINATOR')
      expect(errorName((await question(coordinator)) ?? -1)).not.toBe('NOT_COORDINATOR')
    }
  })

  it('list their own groups', async () => {
    const { clients } = await cluster()
    await clients[2].call(OffsetCommit, 7, COMMIT)
    const listed = clients.map((client) => client.call(ListGroups, 2, ListGroups.request.absent))
    const names = (await Promise.all(listed)).map(({ groups }) => groups.map(({ groupId }) => groupId))
    expect(names).toEqual([[], [], ['a']])
  })

  it('look at a request before they look whether the group is theirs', async () => {
    const { clients } = await cluster()
    const join = async (changes: Partial<typeof JOIN>) =>
      errorName((await clients[0].call(JoinGroup, 5, { ...JOIN, groupId: 'a', ...changes })).errorCode)
    expect(await join({ groupId: '' })).toBe('INVALID_GROUP_ID')
    expect(await join({ sessionTimeoutMs: 1 })).toBe('INVALID_SESSION_TIMEOUT')
    expect(await join({})).toBe('NOT_COORDINATOR')
  })
})

const JOIN = {
  ...JoinGroup.request.absent,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
}
const COMMIT = {
  ...OffsetCommit.request.absent,
  groupId: 'a',
  generationIdOrMemberEpoch: -1,
  topics: [
    {
      name: 't',
      partitions: [
        {
          partitionIndex: 0,
          committedOffset: 1n,
          committedLeaderEpoch: -1,
          committedMetadata: '',
          commitTimestamp: -1n,
        },
      ],
    },
  ],
}
const OFFSETS = {
  ...OffsetFetch.request.absent,
  groupId: 'a',
  topics: [{ name: 't', partitionIndexes: [0] }],
}
const DESCRIBE = { groups: ['a'], includeAuthorizedOperations: false }
const PRODUCER = { ...InitProducerId.request.absent, transactionalId: 'a', transactionTimeoutMs: 60_000 }

const OPEN = { transactionalId: 'a', producerId: 0n, producerEpoch: 0 }
const ADD_PARTITIONS = {
  ...AddPartitionsToTxn.request.absent,
  v3AndBelowTransactionalId: 'a',
  v3AndBelowTopics: [{ name: 't', partitions: [0] }],
}
const TXN_COMMIT = { ...TxnOffsetCommit.request.absent, ...OPEN, groupId: 'a', topics: COMMIT.topics }

describe('a group whose coordinator moves', () => {
  it('keeps its members, its generation and its commits', async () => {
    const { clock, state, clients } = await cluster()
    const [next, , coordinator] = clients
    const { memberId } = await coordinator.call(JoinGroup, 5, { ...JOIN, groupId: 'a' })
    const joining = coordinator.call(JoinGroup, 5, { ...JOIN, groupId: 'a', memberId })
    await expect.poll(() => state.groups.describe('a').members).toHaveLength(1)
    clock.advance(0)
    expect((await joining).generationId).toBe(1)
    const member = { groupId: 'a', generationId: 1, memberId, groupInstanceId: null }
    const assignments = [{ memberId, assignment: Buffer.from('mine') }]
    await coordinator.call(SyncGroup, 3, { ...SyncGroup.request.absent, ...member, assignments })
    await coordinator.call(OffsetCommit, 7, { ...COMMIT, generationIdOrMemberEpoch: 1, memberId })
    fenceNode(state, 3)
    expect(errorName((await next.call(Heartbeat, 3, member)).errorCode)).toBe('NONE')
    const { topics } = await next.call(OffsetFetch, 5, OFFSETS)
    expect(topics[0]?.partitions[0]?.committedOffset).toBe(1n)
  })

  it('sends away who waits, and forgets who never got an id', async () => {
    const { state, clients } = await cluster()
    const parked = clients[2].call(JoinGroup, 3, { ...JOIN, groupId: 'a' })
    await expect.poll(() => state.groups.describe('a').members).toHaveLength(1)
    fenceNode(state, 3)
    expect(errorName((await parked).errorCode)).toBe('NOT_COORDINATOR')
    expect(state.groups.describe('a').members).toEqual([])
  })

  it('starts the sessions of its members anew', async () => {
    const { clock, state, clients } = await cluster()
    const parked = clients[2].call(JoinGroup, 3, { ...JOIN, groupId: 'a', rebalanceTimeoutMs: 60_000 })
    await expect.poll(() => state.groups.describe('a').members).toHaveLength(1)
    clock.advance(0)
    await parked
    clock.advance(JOIN.sessionTimeoutMs - 1)
    fenceNode(state, 3)
    clock.advance(JOIN.sessionTimeoutMs - 1)
    expect(state.groups.describe('a').members).toHaveLength(1)
    clock.advance(1)
    expect(state.groups.describe('a').members).toEqual([])
  })
})
