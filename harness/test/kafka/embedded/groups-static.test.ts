import { describe, expect, it } from 'vitest'
import { assignmentOf, groupScene, protocol, settle } from './group-scene.ts'

/** A stable group of two static members, `pod-0` (who leads) and `pod-1`. */
async function staticPair() {
  const scene = groupScene()
  const joining = ['pod-0', 'pod-1'].map((instanceId) => scene.join({ instanceId }))
  scene.clock.advance(0)
  await settle()
  const [first = '', second = ''] = joining.map(({ answer }) => answer?.memberId)
  scene.sync(first, 1, { [first]: 'share-0', [second]: 'share-1' })
  scene.sync(second, 1)
  await settle()
  return { ...scene, first, second }
}

describe('static membership (KIP-345)', () => {
  it('admits a new instance at once, under an id that starts with the instance id', async () => {
    const { first, groups } = await staticPair()
    expect(first).toMatch(/^pod-0-/)
    expect(groups.describe('billing')).toMatchObject({
      state: 'Stable',
      members: [{ instanceId: 'pod-0' }, {}],
    })
  })

  it('lets an instance come back to a stable group under a new id, without a rebalance', async () => {
    const { join, sync, heartbeat, second, first, state, memberIds } = await staticPair()
    const back = join({ instanceId: 'pod-1' })
    await settle()
    const memberId = back.answer?.memberId ?? ''
    expect(back.answer).toMatchObject({ error: 'NONE', generationId: 1, leaderId: first, members: [] })
    expect(memberId).not.toBe(second)
    expect(memberIds()).toEqual([first, memberId])
    expect(state()).toBe('Stable')
    const syncing = sync(memberId, 1)
    await settle()
    expect(assignmentOf(syncing)).toBe('share-1')
    expect(heartbeat(second, 1, 'pod-1')).toBe('FENCED_INSTANCE_ID')
    expect(heartbeat(memberId, 1, 'pod-1')).toBe('NONE')
  })

  it('names the old leader to a returning one, so that it does not share out anew', async () => {
    const { join, first } = await staticPair()
    const back = join({ instanceId: 'pod-0' })
    await settle()
    expect(back.answer).toMatchObject({ leaderId: first, members: [] })
    const again = join({ memberId: back.answer?.memberId ?? '', instanceId: 'pod-0' })
    await settle()
    expect(again.answer).toBeUndefined()
  })

  it('rebalances when the returning instance changes the outcome of the vote', async () => {
    const { clock, join, sync, state } = groupScene()
    const both = [protocol('range'), protocol('sticky')]
    const joining = join({ instanceId: 'pod-0', protocols: both })
    clock.advance(0)
    await settle()
    sync(joining.answer?.memberId ?? '', 1)
    await settle()
    expect(state()).toBe('Stable')
    const back = join({ instanceId: 'pod-0', protocols: both.toReversed() })
    await settle()
    expect(back.answer).toMatchObject({ generationId: 2, protocolName: 'sticky' })
  })

  it('rebalances when the instance comes back while the assignment is awaited', async () => {
    const { clock, join, state } = groupScene()
    join({ instanceId: 'pod-0' })
    const other = join({ instanceId: 'pod-1' })
    clock.advance(0)
    await settle()
    const back = join({ instanceId: 'pod-0' })
    expect(state()).toBe('PreparingRebalance')
    join({ memberId: other.answer?.memberId ?? '', instanceId: 'pod-1' })
    await settle()
    expect(back.answer).toMatchObject({ error: 'NONE', generationId: 2 })
  })

  it('fences the parked requests of whoever used the instance id before', async () => {
    const { clock, join, sync } = groupScene({ 'group.initial.rebalance.delay.ms': '1000' })
    const before = join({ instanceId: 'pod-0' })
    const leading = join({ instanceId: 'pod-0' })
    const following = join({ instanceId: 'pod-1' })
    clock.advance(2000)
    await settle()
    expect(before.answer?.error).toBe('FENCED_INSTANCE_ID')
    expect(leading.answer?.error).toBe('NONE')

    const parked = sync(following.answer?.memberId ?? '', 1)
    join({ instanceId: 'pod-1' })
    await settle()
    expect(parked.answer?.error).toBe('FENCED_INSTANCE_ID')
  })

  it('keeps the place of an instance that misses a rebalance, until its session ends', async () => {
    const { clock, enter, heartbeat, join, first, second, memberIds } = await staticPair()
    const { memberId, joining } = await enter()
    join({ memberId: first, instanceId: 'pod-0' })
    clock.advance(5000)
    heartbeat(second, 1, 'pod-1')
    clock.advance(5000)
    await settle()
    expect(joining.answer?.generationId).toBe(2)
    expect(memberIds()).toEqual([first, second, memberId])
    clock.advance(6000)
    expect(memberIds()).not.toContain(second)
  })

  it('counts a returning instance as one that it knows: while it waits its session does not end', async () => {
    const { clock, join, first, second, heartbeat, memberIds } = await staticPair()
    join({ memberId: first, instanceId: 'pod-0' })
    const back = join({ instanceId: 'pod-0' })
    for (let elapsed = 0; elapsed < 8000; elapsed += 4000) {
      heartbeat(second, 1, 'pod-1')
      clock.advance(4000)
    }
    await settle()
    expect(back.answer).toBeUndefined()
    expect(memberIds()).toHaveLength(2)
  })

  it('waits on when no instance joins again', async () => {
    const { clock, groups, first, second, heartbeat, state } = await staticPair()
    const leaving = groups.leave('billing', [{ memberId: '', instanceId: 'pod-1' }])
    expect(leaving.members).toEqual([{ memberId: '', instanceId: 'pod-1', error: 'NONE' }])
    for (let elapsed = 0; elapsed < 15_000; elapsed += 5000) {
      clock.advance(5000)
      expect(heartbeat(first, 1, 'pod-0')).toBe('REBALANCE_IN_PROGRESS')
    }
    expect(heartbeat(second, 1, 'pod-1')).toBe('UNKNOWN_MEMBER_ID')
    expect(state()).toBe('PreparingRebalance')
    clock.advance(6000)
    expect(state()).toBe('Empty')
  })

  it('checks the instance id of every request', async () => {
    const { groups, join, admitCommit, first, second } = await staticPair()
    const joining = join({ memberId: first, instanceId: 'pod-1' })
    const stranger = join({ memberId: first, instanceId: 'pod-9' })
    await settle()
    expect([joining, stranger].map(({ answer }) => answer?.error)).toEqual([
      'FENCED_INSTANCE_ID',
      'UNKNOWN_MEMBER_ID',
    ])
    expect(admitCommit(first, 1, 'pod-1')).toBe('FENCED_INSTANCE_ID')
    const fenced = groups.leave('billing', [{ memberId: first, instanceId: 'pod-1' }]).members
    expect(fenced[0]?.error).toBe('FENCED_INSTANCE_ID')
    const answer = await groups.sync({
      groupId: 'billing',
      memberId: second,
      instanceId: 'pod-0',
      generationId: 1,
      assignments: [],
    })
    expect(answer.error).toBe('FENCED_INSTANCE_ID')
  })
})
