import { describe, expect, it } from 'vitest'
import { assignmentOf, groupScene, settle } from './group-scene.ts'

describe('the sync phase', () => {
  it('parks followers until the leader brings the assignment; whom it forgot gets empty bytes', async () => {
    const { joined, sync, state } = groupScene()
    const [leader, follower = '', forgotten = ''] = await joined(3)
    const parked = [sync(follower, 1), sync(forgotten, 1)]
    await settle()
    expect(parked.map(({ answer }) => answer)).toEqual([undefined, undefined])
    const leading = sync(leader, 1, { [leader]: 'mine', [follower]: 'yours' })
    await settle()
    expect([leading, ...parked].map(assignmentOf)).toEqual(['mine', 'yours', ''])
    expect(state()).toBe('Stable')
  })

  it('answers with the present assignment in a stable group', async () => {
    const { stable, sync } = groupScene()
    const { ids } = await stable(2)
    const again = sync(ids[1] ?? '', 1)
    await settle()
    expect(assignmentOf(again)).toBe(ids[1])
  })

  it.each([
    ['no group', 'nobody', 'ghost', 1, 'UNKNOWN_MEMBER_ID'],
    ['an empty group id', '', 'ghost', 1, 'INVALID_GROUP_ID'],
    ['a stranger', 'billing', 'ghost', 1, 'UNKNOWN_MEMBER_ID'],
    ['another generation', 'billing', 'leader', 2, 'ILLEGAL_GENERATION'],
  ])('refuses %s', async (_, groupId, who, generationId, error) => {
    const { groups, stable } = groupScene()
    const { ids } = await stable(1)
    const memberId = who === 'leader' ? ids[0] : who
    const answer = await groups.sync({ groupId, memberId, instanceId: null, generationId, assignments: [] })
    expect(answer.error).toBe(error)
  })

  it('sends members to join again while a rebalance is prepared', async () => {
    const { stable, enter, sync } = groupScene()
    const { ids } = await stable(1)
    await enter()
    const asked = sync(ids[0], 1)
    await settle()
    expect(asked.answer?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('removes members that never ask, after the rebalance timeout', async () => {
    const { clock, joined, sync, heartbeat, memberIds, state } = groupScene()
    const [leader, silent = ''] = await joined(2)
    sync(leader, 1)
    await settle()
    for (let elapsed = 0; elapsed < 10_000; elapsed += 5000) {
      expect(state()).toBe('Stable')
      heartbeat(leader, 1)
      heartbeat(silent, 1)
      clock.advance(5000)
    }
    expect(memberIds()).toEqual([leader])
    expect(state()).toBe('PreparingRebalance')
    expect(heartbeat(silent, 1)).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('the join phase of a running group', () => {
  it('takes back the assignments when it starts over before they were given out', async () => {
    const { groups, stable, enter, join } = groupScene()
    const { ids } = await stable(1)
    join({ memberId: ids[0] })
    const shown = () => groups.describe('billing').members[0]?.assignment.toString()
    expect(shown()).toBe(ids[0])
    await enter()
    expect(shown()).toBe('')
  })

  it('ends when all members have joined again', async () => {
    const { stable, enter, join } = groupScene()
    const { ids } = await stable(2)
    const { joining } = await enter()
    join({ memberId: ids[0] })
    await settle()
    expect(joining.answer).toBeUndefined()
    const last = join({ memberId: ids[1] ?? '' })
    await settle()
    expect([joining, last].map(({ answer }) => answer?.generationId)).toEqual([2, 2])
  })

  it('ends after the longest rebalance timeout without those that did not come; a joined one leads then', async () => {
    const { clock, stable, enter, heartbeat, memberIds } = groupScene()
    const { ids } = await stable(2, [{ rebalanceTimeoutMs: 4000 }, { rebalanceTimeoutMs: 8000 }])
    const { memberId, joining } = await enter({ rebalanceTimeoutMs: 1000 })
    clock.advance(4000)
    for (const id of ids) expect(heartbeat(id, 1)).toBe('REBALANCE_IN_PROGRESS')
    clock.advance(3999)
    await settle()
    expect(joining.answer).toBeUndefined()
    clock.advance(1)
    await settle()
    expect(joining.answer).toMatchObject({ generationId: 2, leaderId: memberId })
    expect(memberIds()).toEqual([memberId])
  })

  it('answers the newest of two joins of one member', async () => {
    const { clock, enter, join } = groupScene({ 'group.initial.rebalance.delay.ms': '1000' })
    const { memberId, joining } = await enter()
    const again = join({ memberId })
    clock.advance(1000)
    await settle()
    expect(joining.answer).toBeUndefined()
    expect(again.answer?.generationId).toBe(1)
  })
})

describe('heartbeats', () => {
  it('are refused without group id, group, membership or generation', async () => {
    const { groups, stable, heartbeat } = groupScene()
    const nobody = { memberId: 'ghost', instanceId: null, generationId: 1 }
    expect(groups.heartbeat({ groupId: '', ...nobody })).toBe('INVALID_GROUP_ID')
    expect(heartbeat('ghost', 1)).toBe('UNKNOWN_MEMBER_ID')
    const { ids } = await stable(1)
    expect(heartbeat('ghost', 1)).toBe('UNKNOWN_MEMBER_ID')
    expect(heartbeat(ids[0], 2)).toBe('ILLEGAL_GENERATION')
    expect(heartbeat(ids[0], 1)).toBe('NONE')
  })

  it('are welcome before the assignment has come', async () => {
    const { joined, heartbeat } = groupScene()
    const [leader] = await joined(1)
    expect(heartbeat(leader, 1)).toBe('NONE')
  })

  it('of an empty group come from nobody it knows', async () => {
    const { stable, leave, heartbeat } = groupScene()
    const { ids } = await stable(1)
    leave(ids[0])
    expect(heartbeat(ids[0], 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('during a rebalance keep the session alive, though they send to join again', async () => {
    const { clock, stable, enter, heartbeat, memberIds } = groupScene()
    const { ids } = await stable(1)
    const { memberId } = await enter()
    clock.advance(5000)
    expect(heartbeat(ids[0], 1)).toBe('REBALANCE_IN_PROGRESS')
    clock.advance(4999)
    expect(memberIds()).toEqual([ids[0], memberId])
  })
})

describe('the session', () => {
  it('ends after the timeout without a sign of life, and the rest rebalance', async () => {
    const { clock, stable, heartbeat, memberIds, state } = groupScene()
    const { ids } = await stable(2)
    clock.advance(5999)
    expect(heartbeat(ids[0], 1)).toBe('NONE')
    clock.advance(1)
    expect(memberIds()).toEqual([ids[0]])
    expect(state()).toBe('PreparingRebalance')
  })

  it('starts when the join is answered', async () => {
    const { clock, joined, state } = groupScene()
    await joined(1)
    clock.advance(5999)
    expect(state()).toBe('CompletingRebalance')
    clock.advance(1)
    expect(state()).toBe('Empty')
  })

  it('of the last member leaves the group Empty, one generation on', async () => {
    const { clock, stable, heartbeat, state } = groupScene()
    const { ids } = await stable(1)
    clock.advance(6000)
    expect(state()).toBe('Empty')
    expect(heartbeat(ids[0], 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('does not count while the member waits in a join', async () => {
    const { clock, stable, enter, heartbeat, join, memberIds } = groupScene()
    const { ids } = await stable(2)
    await enter()
    const waiting = join({ memberId: ids[0] })
    clock.advance(5000)
    heartbeat(ids[1] ?? '', 1)
    clock.advance(4000)
    expect(memberIds()).toHaveLength(3)
    await settle()
    expect(waiting.answer).toBeUndefined()
  })

  it('of a member parked in a sync starts anew with the assignment', async () => {
    const { clock, joined, sync, heartbeat, memberIds, state } = groupScene()
    const [leader, follower = ''] = await joined(2)
    const parked = sync(follower, 1)
    clock.advance(5000)
    heartbeat(leader, 1)
    clock.advance(4000)
    sync(leader, 1, { [follower]: 'yours' })
    await settle()
    expect(assignmentOf(parked)).toBe('yours')
    clock.advance(1999)
    heartbeat(leader, 1)
    clock.advance(4000)
    expect(memberIds()).toEqual([leader, follower])
    clock.advance(1)
    expect(memberIds()).toEqual([leader])
    expect(state()).toBe('PreparingRebalance')
  })

  it('of a new member, parked in its first join, is five minutes long', async () => {
    const { clock, stable, enter, heartbeat } = groupScene()
    const { ids } = await stable(1, [{ rebalanceTimeoutMs: 600_000 }])
    const { joining } = await enter({ rebalanceTimeoutMs: 600_000 })
    for (let elapsed = 0; elapsed < 300_000; elapsed += 5000) {
      expect(joining.answer).toBeUndefined()
      heartbeat(ids[0], 1)
      clock.advance(5000)
      await settle()
    }
    expect(joining.answer?.error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('leaving', () => {
  it('starts a rebalance of the rest at once', async () => {
    const { stable, leave, heartbeat, memberIds } = groupScene()
    const { ids } = await stable(2)
    expect(leave(ids[0])).toEqual(['NONE'])
    expect(memberIds()).toEqual([ids[1]])
    expect(heartbeat(ids[1] ?? '', 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('completes a join phase that waited for the one that leaves', async () => {
    const { stable, enter, leave } = groupScene()
    const { ids } = await stable(1)
    const { joining } = await enter()
    leave(ids[0])
    await settle()
    expect(joining.answer).toMatchObject({ error: 'NONE', generationId: 2 })
  })

  it('is answered member by member', async () => {
    const { groups, stable, leave, state } = groupScene()
    const { ids } = await stable(2)
    expect(leave('ghost', ...ids)).toEqual(['UNKNOWN_MEMBER_ID', 'NONE', 'NONE'])
    expect(state()).toBe('Empty')
    expect(leave(ids[0])).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(groups.leave('nobody', [{ memberId: 'ghost', instanceId: null }]).members[0]?.error).toBe(
      'UNKNOWN_MEMBER_ID',
    )
    expect(groups.leave('', []).error).toBe('INVALID_GROUP_ID')
  })
})

describe('timers', () => {
  it('are all cancelled by close', async () => {
    const { clock, groups, stable, enter, join } = groupScene()
    await stable(2)
    await enter()
    join({ groupId: 'other' })
    expect(clock.waiting).toBeGreaterThan(0)
    groups.close()
    expect(clock.waiting).toBe(0)
  })

  it('are all cancelled when a group becomes Empty', async () => {
    const { clock, joined, leave } = groupScene()
    const before = clock.waiting
    const [leader] = await joined(1)
    leave(leader)
    expect(clock.waiting).toBe(before)
  })

  it('of a deleted group are cancelled, too', async () => {
    const { clock, groups, join } = groupScene()
    const before = clock.waiting
    join()
    await settle()
    expect(clock.waiting).toBe(before + 1)
    expect(groups.delete('billing')).toBe('NONE')
    expect(clock.waiting).toBe(before)
  })
})
