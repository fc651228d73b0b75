import { describe, expect, it } from 'vitest'
import type { NewCommit } from '../../../kafka/embedded/groups.ts'
import { groupScene, protocol, settle, subscription } from './group-scene.ts'

const DAY_MS = 24 * 3_600_000

const simple = { groupId: 'billing', memberId: '', instanceId: null, generationId: -1 }

function commit(changes: Partial<NewCommit> = {}): NewCommit {
  return {
    topic: 'orders',
    partition: 0,
    offset: 7n,
    leaderEpoch: -1,
    metadata: null,
    retentionMs: -1,
    ...changes,
  }
}

/** A group without members that has committed once. */
function simpleGroup(properties: Record<string, string> = {}) {
  const scene = groupScene(properties)
  expect(scene.groups.admitCommit(simple)).toBe('NONE')
  scene.groups.commit('billing', commit())
  return scene
}

describe('who may commit', () => {
  it('a client without generation, when there is no group: that makes a simple group', () => {
    const { groups } = simpleGroup()
    expect(groups.committed('billing', 'orders', 0)).toMatchObject({
      offset: 7n,
      leaderEpoch: -1,
      metadata: '',
    })
    expect(groups.list()).toEqual([{ groupId: 'billing', protocolType: '' }])
  })

  it('not a member of a group that does not exist', () => {
    const { groups, admitCommit } = groupScene()
    expect(admitCommit('ghost', 1)).toBe('ILLEGAL_GENERATION')
    expect(groups.list()).toEqual([])
  })

  it('a client without generation in an Empty group, but nobody with one', async () => {
    const { stable, leave, admitCommit } = groupScene()
    const { ids } = await stable(1)
    leave(ids[0])
    expect(admitCommit('', -1)).toBe('NONE')
    expect(admitCommit(ids[0], 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('only a member of the present generation while somebody is in the group', async () => {
    const { stable, admitCommit } = groupScene()
    const { ids } = await stable(1)
    expect(admitCommit('', -1)).toBe('UNKNOWN_MEMBER_ID')
    expect(admitCommit('ghost', 1)).toBe('UNKNOWN_MEMBER_ID')
    expect(admitCommit(ids[0], -1)).toBe('ILLEGAL_GENERATION')
    expect(admitCommit(ids[0], 0)).toBe('ILLEGAL_GENERATION')
    expect(admitCommit(ids[0], 1)).toBe('NONE')
  })

  it('a member while a rebalance is prepared, so that it can commit what it gives up', async () => {
    const { stable, enter, admitCommit } = groupScene()
    const { ids } = await stable(1)
    await enter()
    expect(admitCommit(ids[0], 1)).toBe('NONE')
  })

  it('nobody while the assignment is awaited', async () => {
    const { joined, admitCommit } = groupScene()
    const [leader] = await joined(1)
    expect(admitCommit(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('and a commit is a sign of life', async () => {
    const { clock, stable, admitCommit, state } = groupScene()
    const { ids } = await stable(1)
    clock.advance(5000)
    admitCommit(ids[0], 1)
    clock.advance(5000)
    expect(state()).toBe('Stable')
  })
})

describe('what is committed', () => {
  it('any number, -1 and -2 too', () => {
    const { groups } = simpleGroup()
    groups.commit('billing', commit({ offset: -2n }))
    expect(groups.committed('billing', 'orders', 0)?.offset).toBe(-2n)
  })

  it('metadata up to the limit', () => {
    const { groups } = simpleGroup({ 'offset.metadata.max.bytes': '3' })
    expect(groups.commit('billing', commit({ offset: 8n, metadata: 'four' }))).toBe(
      'OFFSET_METADATA_TOO_LARGE',
    )
    expect(groups.committed('billing', 'orders', 0)?.offset).toBe(7n)
    expect(groups.commit('billing', commit({ offset: 8n, metadata: 'abc' }))).toBe('NONE')
    expect(groups.committed('billing', 'orders', 0)).toMatchObject({ offset: 8n, metadata: 'abc' })
  })

  it('is shown by topic and partition, and goes with its topic', () => {
    const { groups } = simpleGroup()
    groups.commit('billing', commit({ partition: 1 }))
    groups.commit('billing', commit({ topic: 'payments' }))
    const shown = () =>
      [...groups.allCommitted('billing')].map(([name, partitions]) => [name, ...partitions.keys()])
    expect(shown()).toEqual([
      ['orders', 0, 1],
      ['payments', 0],
    ])
    groups.topicDeleted('orders')
    expect(shown()).toEqual([['payments', 0]])
    expect([...groups.allCommitted('nobody')]).toEqual([])
    expect(groups.committed('nobody', 'orders', 0)).toBeUndefined()
  })
})

describe('how long commits are kept', () => {
  it('in a running group: for ever', async () => {
    const { clock, groups, stable, heartbeat, admitCommit } = groupScene({ 'offsets.retention.minutes': '1' })
    const { ids } = await stable(1)
    admitCommit(ids[0], 1)
    groups.commit('billing', commit())
    for (let elapsed = 0; elapsed < 1_200_000; elapsed += 5000) {
      clock.advance(5000)
      heartbeat(ids[0], 1)
    }
    expect(groups.committed('billing', 'orders', 0)?.offset).toBe(7n)
  })

  it('of a topic that nobody subscribes to any more: seven days after the commit', async () => {
    const { clock, groups, stable } = groupScene()
    const week = { sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 1_800_000 }
    const { ids } = await stable(1, [{ ...week, protocols: [protocol('range', subscription('payments'))] }])
    groups.commit('billing', commit())
    for (let elapsed = 0; elapsed < 8 * DAY_MS; elapsed += 1_000_000) {
      clock.advance(1_000_000)
      groups.heartbeat({ groupId: 'billing', memberId: ids[0], instanceId: null, generationId: 1 })
    }
    expect(groups.committed('billing', 'orders', 0)).toBeUndefined()
    expect(groups.describe('billing').state).toBe('Stable')
  })

  it('seven days after the group became Empty, and then the group goes, too', async () => {
    const { clock, groups, stable, leave } = groupScene()
    const { ids } = await stable(1)
    groups.commit('billing', commit())
    clock.advance(3000)
    leave(ids[0])
    clock.advance(7 * DAY_MS - 3000)
    expect(groups.committed('billing', 'orders', 0)?.offset).toBe(7n)
    clock.advance(600_000)
    expect(groups.committed('billing', 'orders', 0)).toBeUndefined()
    expect(groups.describe('billing').state).toBe('Dead')
  })

  it('in a simple group: seven days after each commit', () => {
    const { clock, groups } = simpleGroup()
    clock.advance(4 * DAY_MS)
    groups.commit('billing', commit({ partition: 1 }))
    clock.advance(3 * DAY_MS)
    expect(groups.committed('billing', 'orders', 0)).toBeUndefined()
    expect(groups.committed('billing', 'orders', 1)?.offset).toBe(7n)
  })

  it('as long as an old client asked for', () => {
    const { clock, groups } = simpleGroup()
    groups.commit('billing', commit({ retentionMs: 60_000 }))
    clock.advance(600_000)
    expect(groups.committed('billing', 'orders', 0)).toBeUndefined()
  })

  it('a group that never committed is gone at the next check', async () => {
    const { clock, groups, join } = groupScene()
    join()
    await settle()
    expect(groups.list()).toHaveLength(1)
    clock.advance(600_000)
    expect(groups.list()).toEqual([])
  })
})

describe('describing, listing and deleting', () => {
  it('describes an unknown group as Dead', () => {
    expect(groupScene().groups.describe('nobody')).toEqual({
      state: 'Dead',
      protocolType: '',
      protocolName: '',
      members: [],
    })
  })

  it('shows the protocol and the subscriptions in a stable group only', async () => {
    const { groups, joined, sync } = groupScene()
    const [leader] = await joined(1)
    const before = groups.describe('billing')
    expect(before).toMatchObject({ state: 'CompletingRebalance', protocolType: 'consumer', protocolName: '' })
    expect(before.members[0]?.metadata).toHaveLength(0)
    sync(leader, 1, { [leader]: 'mine' })
    const [member] = groups.describe('billing').members
    expect(groups.describe('billing').protocolName).toBe('range')
    expect(member).toMatchObject({ memberId: leader, clientId: 'app', clientHost: '127.0.0.1' })
    expect(member?.metadata).toEqual(subscription('orders'))
    expect(member?.assignment.toString()).toBe('mine')
  })

  it('deletes an empty group with its commits, never a running one', async () => {
    const { groups, stable, leave } = groupScene()
    expect(groups.delete('billing')).toBe('GROUP_ID_NOT_FOUND')
    const { ids } = await stable(1)
    groups.commit('billing', commit())
    expect(groups.delete('billing')).toBe('NON_EMPTY_GROUP')
    leave(ids[0])
    expect(groups.delete('billing')).toBe('NONE')
    expect(groups.list()).toEqual([])
    expect(groups.committed('billing', 'orders', 0)).toBeUndefined()
  })

  it('deletes single commits, of a running group only for topics that it does not read (KIP-496)', async () => {
    const { groups, stable } = groupScene()
    expect(groups.admitOffsetDelete('')).toBe('INVALID_GROUP_ID')
    expect(groups.admitOffsetDelete('billing')).toBe('GROUP_ID_NOT_FOUND')
    await stable(1)
    expect(groups.admitOffsetDelete('billing')).toBe('NONE')
    groups.commit('billing', commit())
    groups.commit('billing', commit({ topic: 'payments' }))
    expect(groups.deleteOffset('billing', 'orders', 0)).toBe('GROUP_SUBSCRIBED_TO_TOPIC')
    expect(groups.deleteOffset('billing', 'payments', 0)).toBe('NONE')
    expect(groups.committed('billing', 'orders', 0)?.offset).toBe(7n)
    expect(groups.committed('billing', 'payments', 0)).toBeUndefined()
  })

  it('keeps the commits of a running group whose protocol it cannot read', async () => {
    const { groups, stable } = groupScene()
    await stable(1, [{ protocolType: 'connect' }])
    expect(groups.admitOffsetDelete('billing')).toBe('NON_EMPTY_GROUP')
  })

  it('takes a consumer whose subscription it cannot read to read everything', async () => {
    const { groups, stable } = groupScene()
    await stable(1, [{ protocols: [protocol('range', Buffer.from([0]))] }])
    expect(groups.deleteOffset('billing', 'payments', 0)).toBe('GROUP_SUBSCRIBED_TO_TOPIC')
  })
})
