import { AssignerProtocol } from 'kafkajs'
import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './show-rebalance.scenes.ts'
import type { Heard, Moment, Step } from './show-rebalance.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 40_000, partitions: 4 })

check(
  'one-owner-each',
  'When a group has settled, each partition has exactly one owner, and no member has two more than another',
  async ({ play, wire }) => {
    const steps = [joins('ann'), joins('bob')]
    const { timeline } = await play.witnessed({ steps })
    const moments = timeline?.moments ?? []
    mistake(
      'separate-groups',
      groupsIn(wire.requests('JoinGroup')).size > 1,
      'Each member has a group of its own, so each of them has all partitions: nothing is shared out, and every record is handled by every member.',
    )
    mistake(
      'looks-too-early',
      moments.some(({ owners }, at) => partitionsOf(owners).length < 4 || !owners[steps[at]?.member ?? '']),
      'A member was started, and the group was looked at before it had taken it in. A process that runs is no member yet; the group has to rebalance first.',
    )
    expect(moments.map(({ step }) => step)).toEqual(steps)
    expect(moments.map(({ owners }) => Object.keys(owners).sort())).toEqual([['ann'], ['ann', 'bob']])
    for (const { owners } of moments) expect(partitionsOf(owners)).toEqual([0, 1, 2, 3])
    expect(moments.map(({ owners }) => sizesOf(owners))).toEqual([[4], [2, 2]])
  },
)

check(
  'fifth-member',
  'Members beyond the number of partitions are in the group, too: they are idle, and stand by',
  { after: 'one-owner-each' },
  async ({ play, wire, random }) => {
    const names = random.shuffle(['ann', 'bob', 'cid', 'dee', 'eve'])
    const { timeline, heard } = await play.witnessed({ steps: names.map(joins) })
    const { moments } = timeline
    const last = moments.at(-1)?.owners ?? {}
    mistake(
      'idle-left-out',
      Object.keys(last).length === 4,
      'Five members are in the group, and four are shown. The fifth is what takes over when another one dies, and what somebody pays for meanwhile.',
    )
    const observed = observedIn(wire.requests('SyncGroup'), heard)
    mistake(
      'typed-by-hand',
      sizesOf(last).join() === '0,1,1,1,1' && invented(moments, observed).length > 0,
      'Some member is shown with partitions that the group has never given to it. Who gets what is decided in each rebalance anew, by one of the members, and cannot be known before.',
    )
    expect(moments.map(({ owners }) => sizesOf(owners))).toEqual([
      [4],
      [2, 2],
      [1, 1, 2],
      [1, 1, 1, 1],
      [0, 1, 1, 1, 1],
    ])
    expect(invented(moments, observed), 'owners that the group never had').toEqual([])
  },
)

check(
  'handled-again',
  'After a crash, what was handled and not committed is handled again: forty records make more than forty deliveries',
  { after: 'one-owner-each' },
  async ({ play, topic, sessionTimeoutMs: sessionTimeout }) => {
    const steps = [joins('ann'), joins('bob'), crashes('ann')]
    const { threw, returned } = await play.witnessed({ steps, sessionTimeout }).outcome()
    mistake(
      'asserts-no-duplicates',
      /^(Assertion)?Error$/.test(threw?.name ?? ''),
      'The demonstration gave up when a record was handled a second time. That is what at-least-once means: ann had done it, and died before she could commit.',
    )
    expect(threw?.message).toBe(undefined)
    const deliveries = (returned?.heard ?? []).filter((one) => one.what === 'handled')
    const places = deliveries.map(({ partition, offset }) => `${partition}:${offset}`)
    mistake(
      'stops-too-early',
      new Set(places).size < (await topic.records()).length,
      'The demonstration was over before every record was handled. Some of the dead member’s records come late, and whether they come at all is what is to be shown.',
    )
    const twice = [...new Set(places.filter((place, at) => places.indexOf(place) < at))]
    const { handled, duplicates } = returned?.timeline ?? {}
    mistake(
      'counts-deliveries',
      handled !== undefined && handled > 40,
      'Deliveries were counted and called records: more records were handled, it says, than were ever sent.',
    )
    mistake(
      'hides-duplicates',
      twice.length > 0 && duplicates?.length === 0,
      'No record was handled twice, says the timeline, and the members have said otherwise. A set that swallows the second time hides what every handler has to live with.',
    )
    expect(handled).toBe(40)
    expect(duplicates?.toSorted()).toEqual(twice.toSorted())
  },
)

check(
  'leave-and-crash',
  'Who leaves says so; who dies says nothing, and is a member until its session has timed out',
  { after: ['handled-again', 'fifth-member'] },
  async ({ play, wire, sessionTimeoutMs }) => {
    const sessionTimeout = sessionTimeoutMs + 3_000
    const steps = [joins('ann'), joins('bob'), joins('cid'), leaves('bob'), crashes('cid')]
    const { timeline, heard } = await play.witnessed({ steps, sessionTimeout })
    const [, , , left, crashed] = timeline.moments
    const saidGoodbye = wire.requests('LeaveGroup').map(({ request }) => JSON.stringify(request))
    const hasLeft = (name: string) => saidGoodbye.some((request) => request.includes(idOf(name, heard)))
    mistake(
      'crash-is-a-leave',
      hasLeft('cid'),
      'The member that was to crash has sent a LeaveGroup. stop() and disconnect() are good manners; a process that dies has none, so this shows nothing of a crash.',
    )
    mistake(
      'leave-is-a-crash',
      !hasLeft('bob'),
      'The member that was to leave was killed. Nobody has told the group, so it waits for the session timeout as in a crash.',
    )
    mistake(
      'dead-member-shown',
      Object.keys(crashed?.owners ?? {}).includes('cid'),
      'The dead member is shown as the owner of partitions. The group believes so, and is stable, until the session has timed out: neither that state nor a fixed wait says that it has settled.',
    )
    expect(Object.keys(left?.owners ?? {}).sort(), 'after bob has left').toEqual(['ann', 'cid'])
    expect(Object.keys(crashed?.owners ?? {}), 'after cid has crashed').toEqual(['ann'])
    const observed = observedIn(wire.requests('SyncGroup'), heard)
    expect(invented(timeline.moments, observed), 'owners that the group never had').toEqual([])
    const [leaveMs, crashMs] = [left?.tookMs ?? 0, crashed?.tookMs ?? 0]
    mistake(
      'clock-starts-late',
      leaveMs < sessionTimeout && crashMs < sessionTimeout / 2,
      'The crash is shown as if the group had got over it in no time. Nobody can have known before the session timeout; what was measured begins after the wait.',
    )
    // Both end with a rebalance; before it, the crash has the wait for the session.
    expect(crashMs - leaveMs, 'milliseconds that the crash took longer').toBeGreaterThan(sessionTimeout / 4)
  },
)

check(
  'any-story',
  'Each join and each leave is a rebalance of the whole group, in whatever order they come',
  { after: 'leave-and-crash' },
  async ({ play, wire, random }) => {
    const [first = '', second = '', third = '', fourth = ''] = random.shuffle(['ann', 'bob', 'cid', 'dee'])
    const gone = random.pick([first, second])
    const steps = [joins(first), joins(second), joins(third), leaves(gone), joins(fourth), leaves(third)]
    const { timeline, heard } = await play.witnessed({ steps })
    const observed = observedIn(wire.requests('SyncGroup'), heard)
    expect(timeline.moments.map(({ step }) => step)).toEqual(steps)
    expect(invented(timeline.moments, observed), 'owners that the group never had').toEqual([])
    expect(timeline.moments.map(({ owners }) => sizesOf(owners))).toEqual([
      [4],
      [2, 2],
      [1, 1, 2],
      [2, 2],
      [1, 1, 2],
      [2, 2],
    ])
    expect(timeline).toMatchObject({ handled: 40 })
  },
)

function joins(member: string): Step {
  return { does: 'join', member }
}

function leaves(member: string): Step {
  return { does: 'leave', member }
}

function crashes(member: string): Step {
  return { does: 'crash', member }
}

type Owners = Moment['owners']

function partitionsOf(owners: Owners): number[] {
  return Object.values(owners).flat().sort()
}

/** How many partitions the members have, in rising order. */
function sizesOf(owners: Owners): number[] {
  return Object.values(owners)
    .map((partitions) => partitions.length)
    .sort()
}

/** The same for the same owners, in whatever order they are listed. Who owns nothing is left out. */
function text(owners: Owners): string {
  const busy = Object.entries(owners).filter(([, partitions]) => partitions.length > 0)
  return busy
    .map(([name, partitions]) => `${name} ${partitions.toSorted()}`)
    .sort()
    .join(' · ')
}

/** Moments that the group has never seen. */
function invented(moments: Moment[], observed: Set<string>): string[] {
  return moments.map(({ owners }) => text(owners)).filter((one) => !observed.has(one))
}

type OnWire = { request: unknown; response: unknown }

function groupsIn(joinGroups: OnWire[]): Set<string> {
  return new Set(joinGroups.map(({ request }) => (request as { groupId: string }).groupId))
}

/** Who got what in each generation of the group: the leader computes it, and sends it with its SyncGroup. */
function observedIn(syncGroups: OnWire[], heard: Heard[]): Set<string> {
  const generations = syncGroups.map(({ request }) => {
    const { assignments } = request as { assignments: { memberId: string; assignment: Buffer }[] }
    const owners = assignments.map(({ memberId, assignment }) => {
      const topics = AssignerProtocol.MemberAssignment.decode(assignment)?.assignment ?? {}
      return [nameOf(memberId, heard), Object.values(topics).flat()]
    })
    return text(Object.fromEntries(owners))
  })
  return new Set(generations.filter((one) => one !== ''))
}

function nameOf(memberId: string, heard: Heard[]): string {
  return heard.find((one) => one.what === 'joined' && one.memberId === memberId)?.member ?? memberId
}

function idOf(name: string, heard: Heard[]): string {
  const joined = heard.find((one) => one.what === 'joined' && one.member === name)
  return joined?.what === 'joined' ? joined.memberId : name
}
