import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { freshName } from '../test-broker.ts'
import { subscription } from './group-scene.ts'
import { type Producer, type TransactionScene, transactionScene } from './transaction-scene.ts'

/*
 * Transactions that commit offsets in the name of a member, and what readers of offsets see meanwhile (KIP-447), on the
 * embedded broker unless WORKBOOK_TEST_BROKER names another.
 */

let scene: TransactionScene

beforeAll(async () => {
  scene = await transactionScene()
})

afterAll(() => scene.close())

const NOBODY = { generationId: -1, memberId: '', groupInstanceId: null as string | null }
type Member = typeof NOBODY

async function producerWith(groupId: string): Promise<Producer> {
  const producer = await scene.init()
  await scene.addGroup(producer, groupId, 3)
  return producer
}

async function commit(
  producer: Producer,
  groupId: string,
  topic: string,
  as: Partial<Member> = {},
  offset = 5n,
) {
  const partition = {
    partitionIndex: 0,
    committedOffset: offset,
    committedLeaderEpoch: -1,
    committedMetadata: '',
  }
  const topics = [{ name: topic, partitions: [partition] }]
  const body = { ...producer, ...NOBODY, ...as, groupId, topics }
  const answer = await scene.client.request(TxnOffsetCommit, 3, body)
  return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0)
}

/** A member of a new generation that waits for its assignment. */
async function join(groupId: string, topic: string): Promise<Member> {
  const body = {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription(topic) }],
  }
  const { memberId } = await scene.client.request(JoinGroup, 6, body)
  const { generationId } = await scene.client.request(JoinGroup, 6, { ...body, memberId })
  return { generationId, memberId, groupInstanceId: null }
}

const groupAndTopic = async () => [freshName(), await scene.topicWith(2)] as const

describe('TxnOffsetCommit in the name of a member', () => {
  it('is refused for a generation of a group that is not there, and works without one', async () => {
    const [group, topic] = await groupAndTopic()
    const producer = await producerWith(group)
    expect(await commit(producer, group, topic, { generationId: 3, memberId: 'm' })).toBe(
      'ILLEGAL_GENERATION',
    )
    expect(await commit(producer, group, topic, { memberId: 'm' })).toBe('NONE')
    expect(await commit(producer, group, topic, { generationId: 3, memberId: 'm' })).toBe('UNKNOWN_MEMBER_ID')
    expect(await commit(producer, group, topic, { groupInstanceId: 'i' })).toBe('NONE')
    expect(await commit(producer, group, topic)).toBe('NONE')
  })

  it('is for members of this generation, also while they wait for their assignment', async () => {
    const [group, topic] = await groupAndTopic()
    const producer = await producerWith(group)
    const member = await join(group, topic)
    const tryAll = async () => {
      expect(await commit(producer, group, topic, member)).toBe('NONE')
      expect(await commit(producer, group, topic)).toBe('NONE')
      const older = { ...member, generationId: member.generationId - 1 }
      expect(await commit(producer, group, topic, older)).toBe('ILLEGAL_GENERATION')
      expect(await commit(producer, group, topic, { memberId: member.memberId })).toBe('ILLEGAL_GENERATION')
      expect(await commit(producer, group, topic, { ...member, memberId: 'other' })).toBe('UNKNOWN_MEMBER_ID')
      expect(await commit(producer, group, topic, { ...member, groupInstanceId: 'i' })).toBe(
        'UNKNOWN_MEMBER_ID',
      )
    }
    await tryAll()
    const assignments = [{ memberId: member.memberId, assignment: Buffer.from('a') }]
    const synced = await scene.client.request(SyncGroup, 4, { ...member, groupId: group, assignments })
    expect(synced).toMatchObject({ errorCode: 0, assignment: Buffer.from('a') })
    await tryAll()
    await scene.client.request(LeaveGroup, 4, { memberId: '', groupId: group, members: [member] })
    expect(await commit(producer, group, topic, member)).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('OffsetFetch with requireStable', () => {
  async function fetch(groupId: string, topic: string, requireStable: boolean, version = 7) {
    const topics = [{ name: topic, partitionIndexes: [0, 1] }]
    const body = { groupId, topics, groups: [{ groupId, topics }], requireStable }
    const answer = await scene.client.request(OffsetFetch, version, body)
    const group = version < 8 ? answer : answer.groups[0]
    return group?.topics[0]?.partitions.map((one) =>
      one.errorCode === 0 ? Number(one.committedOffset) : errorName(one.errorCode),
    )
  }

  it('does not tell an offset that an open transaction may change', async () => {
    const [group, topic] = await groupAndTopic()
    await scene.commitPlainly(group, topic, 2n)
    const producer = await producerWith(group)
    expect(await fetch(group, topic, true)).toEqual([2, -1])
    await commit(producer, group, topic)
    expect(await fetch(group, topic, true)).toEqual(['UNSTABLE_OFFSET_COMMIT', -1])
    expect(await fetch(group, topic, true, 8)).toEqual(['UNSTABLE_OFFSET_COMMIT', -1])
    expect(await fetch(group, topic, false)).toEqual([2, -1])
    expect(await fetch(group, topic, false, 6)).toEqual([2, -1])
    await scene.end(producer, 'commit')
    await expect.poll(() => fetch(group, topic, true)).toEqual([5, -1])
  })

  it('tells several groups at once, of all topics too, and leaves out what was never committed', async () => {
    const [group, topic] = await groupAndTopic()
    await scene.commitPlainly(group, topic, 2n)
    const producer = await producerWith(group)
    await commit(producer, group, topic, {}, 3n)
    const open = freshName()
    const other = await producerWith(open)
    await commit(other, open, topic)
    const groups = [group, open, freshName()].map((groupId) => ({ groupId, topics: null }))
    const body = { ...OffsetFetch.request.absent, groups, requireStable: true }
    const answer = await scene.client.request(OffsetFetch, 8, body)
    const nothing = { committedOffset: -1n, committedLeaderEpoch: -1, metadata: '' }
    const unstable = { partitionIndex: 0, ...nothing, errorCode: 88 }
    expect(answer.groups.map(({ topics }) => topics)).toEqual([
      [{ name: topic, partitions: [unstable] }],
      [],
      [],
    ])
    expect(answer.groups.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0])
    await scene.end(producer, 'abort')
    await scene.end(other, 'abort')
  })
})
