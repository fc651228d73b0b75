import { describe, expect, it } from 'vitest'
import { fenceNode, unfenceNode } from '../../../kafka/embedded/failover.ts'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { ListGroups } from '../../../kafka/protocol/api/16-list-groups.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { DeleteGroups } from '../../../kafka/protocol/api/42-delete-groups.ts'
import { OffsetDelete } from '../../../kafka/protocol/api/47-offset-delete.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import type { InMemoryClient } from './in-memory-client.ts'
import { cluster } from './nodes-scene.ts'

/* Three nodes over one state, asked by raw requests. What they answer was compared with three nodes of Kafka 4.3.1. */

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
