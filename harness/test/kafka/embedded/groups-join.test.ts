import { describe, expect, it } from 'vitest'
import { groupScene, protocol, settle } from './group-scene.ts'

describe('what a join is refused for, in the order of the checks', () => {
  it.each([
    ['an empty group id', { groupId: '', sessionTimeoutMs: 1 }, 'INVALID_GROUP_ID'],
    ['a session too short', { sessionTimeoutMs: 999, memberId: 'ghost' }, 'INVALID_SESSION_TIMEOUT'],
    ['a session too long', { sessionTimeoutMs: 1_800_001 }, 'INVALID_SESSION_TIMEOUT'],
    ['a member id where there is no group', { memberId: 'ghost' }, 'UNKNOWN_MEMBER_ID'],
    ['no protocol at all', { protocols: [] }, 'INCONSISTENT_GROUP_PROTOCOL'],
    ['no protocol type', { protocolType: '' }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ])('%s', async (_, changes, error) => {
    const { join } = groupScene()
    const asked = join(changes)
    await settle()
    expect(asked.answer).toMatchObject({ error, generationId: -1, members: [] })
  })

  it.each([
    ['another protocol type', { protocolType: 'connect' }],
    ['no protocol in common', { protocols: [protocol('sticky')] }],
  ])('%s than the members that are there', async (_, changes) => {
    const { stable, join } = groupScene()
    await stable(1)
    const asked = join(changes)
    await settle()
    expect(asked.answer?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  it('an unknown member id', async () => {
    const { stable, join } = groupScene()
    await stable(1)
    const asked = join({ memberId: 'ghost' })
    await settle()
    expect(asked.answer).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: 'ghost' })
  })

  it('an id from an earlier life of an empty group', async () => {
    const { stable, leave, join } = groupScene()
    const { ids } = await stable(1)
    leave(ids[0])
    const asked = join({ memberId: ids[0] })
    await settle()
    expect(asked.answer?.error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('a stranger gets an id first (KIP-394)', () => {
  it('is sent away with an id that starts with its client id, and admitted with it', async () => {
    const { clock, join, state } = groupScene()
    const first = join()
    await settle()
    expect(first.answer?.error).toBe('MEMBER_ID_REQUIRED')
    expect(first.answer?.memberId).toMatch(/^app-[0-9a-f-]{36}$/)
    expect(state()).toBe('Empty')

    const memberId = first.answer?.memberId ?? ''
    const second = join({ memberId })
    expect(state()).toBe('PreparingRebalance')
    clock.advance(0)
    await settle()
    expect(second.answer).toMatchObject({ error: 'NONE', generationId: 1, memberId, leaderId: memberId })
  })

  it('is admitted at once when the client is too old for that', async () => {
    const { clock, join } = groupScene()
    const asked = join({ memberIdRequired: false })
    clock.advance(0)
    await settle()
    expect(asked.answer).toMatchObject({ error: 'NONE', generationId: 1 })
  })

  it('loses the id after its session timeout', async () => {
    const { clock, join } = groupScene()
    const first = join()
    await settle()
    clock.advance(6000)
    const second = join({ memberId: first.answer?.memberId ?? '' })
    await settle()
    expect(second.answer?.error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('holds up a rebalance until it comes, leaves or its id expires', async () => {
    const { clock, stable, join, enter, leave, state } = groupScene()
    const { ids } = await stable(1)
    const first = join()
    const second = join()
    const third = await enter()
    join({ memberId: ids[0] })
    await settle()
    expect(state()).toBe('PreparingRebalance')
    leave(first.answer?.memberId ?? '')
    expect(state()).toBe('PreparingRebalance')
    clock.advance(6000)
    await settle()
    expect(second.answer?.error).toBe('MEMBER_ID_REQUIRED')
    expect(state()).toBe('CompletingRebalance')
    expect(third.joining.answer?.generationId).toBe(2)
  })
})

describe('the initial rebalance', () => {
  const delay = { 'group.initial.rebalance.delay.ms': '3000' }

  it('waits for the delay, and as long again while new members come', async () => {
    const { clock, enter } = groupScene(delay)
    const first = await enter()
    clock.advance(2000)
    const second = await enter()
    clock.advance(2000)
    await settle()
    expect(first.joining.answer).toBeUndefined()
    clock.advance(2000)
    await settle()
    expect(first.joining.answer?.generationId).toBe(1)
    expect(first.joining.answer?.members.map(({ memberId }) => memberId)).toEqual([
      first.memberId,
      second.memberId,
    ])
    expect(second.joining.answer).toMatchObject({ leaderId: first.memberId, members: [] })
  })

  it('never waits longer than the rebalance timeout', async () => {
    const { clock, enter } = groupScene(delay)
    const first = await enter({ rebalanceTimeoutMs: 5000 })
    clock.advance(2500)
    await enter({ rebalanceTimeoutMs: 5000 })
    clock.advance(2000)
    await enter({ rebalanceTimeoutMs: 5000 })
    clock.advance(500)
    await settle()
    expect(first.joining.answer?.members).toHaveLength(3)
  })

  it('comes again when the group was empty in between', async () => {
    const { clock, stable, enter, leave, state } = groupScene(delay)
    const entering = stable(1)
    await settle()
    clock.advance(3000)
    const { ids } = await entering
    leave(ids[0])
    expect(state()).toBe('Empty')
    const { joining } = await enter()
    clock.advance(2999)
    await settle()
    expect(joining.answer).toBeUndefined()
    clock.advance(1)
    await settle()
    expect(joining.answer?.error).toBe('NONE')
  })

  it('does not end early when all members are there', async () => {
    const { clock, enter, leave, state } = groupScene(delay)
    const first = await enter()
    await enter()
    leave(first.memberId)
    await settle()
    expect(first.joining.answer?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(state()).toBe('PreparingRebalance')
    clock.advance(6000)
    expect(state()).toBe('CompletingRebalance')
  })
})

describe('joining again', () => {
  it('with the same metadata, before the assignment, repeats the answer of this generation', async () => {
    const { joined, join, state } = groupScene()
    const [leader, follower] = await joined(2)
    const asked = [leader, follower].map((memberId) => join({ memberId: memberId ?? '' }))
    await settle()
    expect(asked.map(({ answer }) => [answer?.generationId, answer?.members.length])).toEqual([
      [1, 2],
      [1, 0],
    ])
    expect(state()).toBe('CompletingRebalance')
  })

  it('with other metadata, before the assignment, starts over and sends parked syncs to join again', async () => {
    const { joined, join, sync, state } = groupScene()
    const [, follower = ''] = await joined(2)
    const parked = sync(follower, 1)
    join({ memberId: follower, protocols: [protocol('range', Buffer.from('other'))] })
    await settle()
    expect(parked.answer?.error).toBe('REBALANCE_IN_PROGRESS')
    expect(state()).toBe('PreparingRebalance')
  })

  it('in a stable group tells an unchanged follower the generation and disturbs nobody', async () => {
    const { stable, join, state } = groupScene()
    const { ids } = await stable(2)
    const asked = join({ memberId: ids[1] ?? '' })
    await settle()
    expect(asked.answer).toMatchObject({ error: 'NONE', generationId: 1, leaderId: ids[0], members: [] })
    expect(state()).toBe('Stable')
  })

  it.each([
    ['the leader', 0, {}],
    ['a follower that changed', 1, { protocols: [protocol('range', Buffer.from('other'))] }],
  ])('in a stable group starts a rebalance for %s', async (_, index, changes) => {
    const { stable, join, state } = groupScene()
    const { ids } = await stable(2)
    join({ memberId: ids[index] ?? '', ...changes })
    expect(state()).toBe('PreparingRebalance')
  })

  it('brings new metadata and new timeouts', async () => {
    const { clock, stable, join, state } = groupScene()
    const { ids } = await stable(1)
    const metadata = Buffer.from('other')
    const again = join({ memberId: ids[0], sessionTimeoutMs: 9000, protocols: [protocol('range', metadata)] })
    await settle()
    expect(again.answer?.members[0]?.metadata).toEqual(metadata)
    clock.advance(8999)
    expect(state()).toBe('CompletingRebalance')
    clock.advance(1)
    expect(state()).toBe('Empty')
  })
})

describe('the protocol is chosen by vote', () => {
  it('among those that all speak, each member votes for its first', async () => {
    const { groups, stable } = groupScene()
    const [range, sticky, robin] = [protocol('range'), protocol('sticky'), protocol('roundrobin')]
    await stable(3, [
      { protocols: [robin, range, sticky] },
      { protocols: [sticky, range] },
      { protocols: [sticky, range, robin] },
    ])
    expect(groups.describe('billing').protocolName).toBe('sticky')
  })

  // Seen on Kafka 4.3.1, whichever member came first.
  it.each([
    [['range', 'rr'], 'rr'],
    [['rr', 'range'], 'rr'],
  ])('on a draw as Kafka does it, first member %j', async (names, winner) => {
    const { groups, stable } = groupScene()
    const protocols = names.map((name) => protocol(name))
    await stable(2, [{ protocols }, { protocols: protocols.toReversed() }])
    expect(groups.describe('billing').protocolName).toBe(winner)
  })
})

describe('group.max.size', () => {
  const two = { 'group.max.size': '2' }

  it('refuses one more than fit into a stable group', async () => {
    const { stable, join } = groupScene(two)
    await stable(2)
    const asked = join()
    await settle()
    expect(asked.answer).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED', memberId: '' })
  })

  it('counts, during a rebalance, those that have joined already', async () => {
    const { clock, join } = groupScene({ ...two, 'group.initial.rebalance.delay.ms': '1000' })
    const pending = [join(), join(), join()]
    await settle()
    const ids = pending.map(({ answer }) => answer?.memberId ?? '')
    const asked = ids.map((memberId) => join({ memberId }))
    clock.advance(2000)
    await settle()
    expect(asked.map(({ answer }) => answer?.error)).toEqual(['NONE', 'NONE', 'GROUP_MAX_SIZE_REACHED'])
  })

  it('leaves out the last of those who were there, when newer ones were quicker', async () => {
    const { stable, join, heartbeat, memberIds } = groupScene(two)
    const stranger = join()
    await settle()
    const { ids } = await stable(2)
    const newcomer = stranger.answer?.memberId ?? ''
    join({ memberId: ids[0] })
    join({ memberId: newcomer })
    const late = join({ memberId: ids[1] ?? '' })
    await settle()
    expect(late.answer?.error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(memberIds()).toEqual([ids[0], newcomer])
    expect(heartbeat(ids[1] ?? '', 1)).toBe('UNKNOWN_MEMBER_ID')
  })
})
