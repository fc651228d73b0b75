import { expect } from 'vitest'
import { order } from '#bookstore'
import { mistake } from '#workbook/check'
import { check } from './reset-offsets.plans.ts'
import { events } from './reset-offsets.records.ts'

const planned = ['nothing-to-shift', 'members']

check(
  'apply',
  'A reset moves the commits of one group in one topic, and nothing else',
  { after: planned, about: 'applyReset' },
  async ({ play, topic, group, topicNamed, groupNamed, wire }) => {
    const returns = topicNamed(`${topic.name}-returns`)
    const other = groupNamed(`${group.name}-other`)
    await returns.create({ partitions: 1 })
    await topic.append([...events(5, 0), ...events(3, 1), ...events(4, 2)])
    const committed = { 0: '4', 1: '3', 2: '2' }
    await play.prepare({ committed })
    await play.prepare({ committed, group: other.name })
    await play.prepare({ committed: { 0: '0' }, topic: returns.name })
    await play.reset({ kind: 'shift', by: -2 })

    const after = await group.committed()
    const elsewhere = wire.commits().find(({ group: name }) => ![group.name, other.name].includes(name))
    mistake(
      'new-group',
      elsewhere !== undefined,
      'The offsets were committed for a group of another name. The services still say the old name, and go on where they were; the new group has no history, no lag and no reader.',
      elsewhere?.exchange,
    )
    mistake(
      'deletes-group',
      (await group.committed(returns.name))[0] === null,
      'The commits of this group in another topic are gone, too. A group is one thing for all of its topics; where it reads on there is left to a setting.',
      wire.requests('DeleteGroups')[0],
    )
    mistake(
      'resets-to-a-sentinel',
      after[0]?.startsWith('-') === true,
      `${after[0]} was committed, which is no offset, and not what the plan says. A consumer without fromBeginning starts at the end after that: the replay reads nothing.`,
      wire.commits().at(-1)?.exchange,
    )
    expect(after, 'committed by the group').toEqual({ 0: '2', 1: '1', 2: '0' })
    expect(await other.committed(), 'committed by another group').toEqual(committed)
    expect(await group.state()).toBe('Empty')
  },
)

check(
  'members-meanwhile',
  'Between a plan and its execution the world goes on: what was checked then is checked again',
  { after: planned, about: 'applyReset' },
  async ({ play, topic, group }) => {
    await topic.append(events(5, 0))
    const committed = { 0: '4', 1: '0', 2: '0' }
    await play.prepare({ committed })
    const resetting = play.reset({ kind: 'earliest' })
    const pause = await resetting.paused('planned')
    const member = play.member()
    const joined = await member.paused('joined')
    pause.go()
    const { threw } = await resetting.outcome()
    joined.go()
    await member
    expect(await group.committed()).toEqual(committed)
    mistake(
      'refusal-swallowed',
      threw === undefined,
      'Somebody has started the group again, so nothing was set, and the caller was told that all went well. The replay that everybody waits for will not come.',
    )
  },
)

check(
  'stale-plan',
  'A plan is made for one state of the group: when the group has moved since, it is no longer what was reviewed',
  { after: 'members-meanwhile', about: 'applyReset' },
  async ({ play, topic, group, wire }) => {
    await topic.append([...events(5, 0), ...events(5, 1), ...events(5, 2)])
    await play.prepare({ committed: { 0: '4', 1: '4', 2: '4' } })
    const resetting = play.reset({ kind: 'shift', by: -1 })
    const pause = await resetting.paused('planned')
    await play.prepare({ committed: { 1: '1' } })
    pause.go()
    const { threw } = await resetting.outcome()
    const after = await group.committed()
    mistake(
      'stale-plan-applied',
      after[1] === '3',
      'One back from 4 was planned. Meanwhile somebody else has sent the group back to 1, and the plan has sent it on to 3: records 1 and 2 are skipped.',
      wire.commits().findLast(({ partition }) => partition === 1)?.exchange,
    )
    expect(after, 'committed').toEqual({ 0: '4', 1: '1', 2: '4' })
    expect(threw?.name, 'the error of the caller').toBeTypeOf('string')
  },
)

check(
  'half-set',
  'A reset is done when the group stands where the plan says, in all partitions',
  { after: ['apply', 'stale-plan'], about: 'applyReset' },
  async ({ play, topic, group, wire }) => {
    await topic.append([...events(5, 0), ...events(5, 1), ...events(5, 2)])
    await play.prepare({ committed: { 0: '5', 1: '5', 2: '5' } })
    const member = play.member()
    const ready = await member.paused('ready')
    const joined = member.paused('joined')
    // setOffsets joins the group. On its way there it is overtaken by a member, which leaves again when it has left.
    wire.fault({ api: 'JoinGroup', group: group.name, delayMs: 1_500 })
    const [joins, leaves] = [wire.requests('JoinGroup').length, wire.requests('LeaveGroup').length]
    const resetting = play.reset({ kind: 'earliest' })
    await expect.poll(() => wire.requests('JoinGroup').length, { timeout: 15_000 }).toBeGreaterThan(joins)
    wire.fault({ api: 'DescribeGroups', times: 'every', delayMs: 2_000 })
    ready.go()
    await expect.poll(() => wire.requests('LeaveGroup').length, { timeout: 15_000 }).toBeGreaterThan(leaves)
    ;(await joined).go()
    await member
    const { threw } = await resetting.outcome()
    const after = await group.committed()
    mistake(
      'half-a-reset',
      threw === undefined && Object.values(after).includes('5'),
      'A member had joined in that moment and got some of the partitions; they stay where they were, and the caller was told that all went well. Half of the orders will be handled again, and half will not.',
      wire.commits().at(-1)?.exchange,
    )
    if (!threw) expect(after, 'committed').toEqual({ 0: '0', 1: '0', 2: '0' })
  },
)

check(
  'one-effect',
  'A replay hands out what was handled before: what counts is how the shop looks afterwards',
  { about: 'handleOrder' },
  async ({ play }) => {
    const event = order('ORD-1042', { data: { isbn: '978-0-13-468599-1', qty: 3 } })
    const twice = await play.deliver({ reserved: {}, events: [event, event] })
    mistake(
      'adds-up',
      twice.reserved['ORD-1042'] === 6,
      'Three copies were ordered, the event came twice, and six are reserved. Every replay would empty the shelves a bit more.',
    )
    mistake(
      'mails-again',
      twice.mails.length === 2,
      'The reader got the same mail twice. After a replay of three days, everybody who ordered in them does.',
    )
    expect(twice).toEqual({ reserved: { 'ORD-1042': 3 }, mails: ['ORD-1042'] })

    const faulty = await play.deliver({ reserved: { 'ORD-1042': 1 }, events: [event] })
    mistake(
      'skips-what-it-knows',
      faulty.reserved['ORD-1042'] === 1,
      'A faulty version had reserved one copy of three. The replay brings the event again, and it is skipped because it is known: the fault stays.',
    )
    mistake(
      'remembers-in-process',
      faulty.mails.length === 1,
      'The order was handled by an earlier life of the service, and its reader gets another mail. What a process remembers is gone when it is started anew, and that is how every replay begins.',
    )
    expect(faulty).toEqual({ reserved: { 'ORD-1042': 3 }, mails: [] })
  },
)

check(
  'replay',
  'A replay with a mended handler leaves the shop as if there had never been a fault',
  { after: ['half-set', 'one-effect'], about: 'handleOrder' },
  async ({ play }) => {
    const { replayed, reserved, mails } = await play.threeDaysInSilence()
    expect(replayed, 'orders that were handled again').toEqual(['ORD-005', 'ORD-006', 'ORD-007', 'ORD-008'])
    expect(new Set(Object.values(reserved)), 'copies reserved for the orders').toEqual(new Set([3]))
    expect(mails.toSorted(), 'mails').toEqual(Object.keys(reserved).sort())
  },
)
