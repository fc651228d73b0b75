import { expect } from 'vitest'
import { order } from '#bookstore'
import { mistake } from '#workbook/check'
import { check } from './fan-out.plans.ts'
import type { Delivery, DeliveryMatrix } from './fan-out.ts'

const planned = (groupId: string, ...members: string[]) => ({
  groupId,
  members,
  promised: 'at-least-once' as const,
})

/** What this file reads of requests on the wire. */
interface ListOffsets {
  topics: { partitions: { timestamp: bigint }[] }[]
}
interface OfMember {
  groupId: string
  memberId: string
}

/** Some events for each of these partitions. */
const events = (...partitions: number[]) =>
  partitions.map((partition, index) => ({ partition, value: JSON.stringify(order(`ORD-${index + 1}`)) }))

/** `partition:offset` of deliveries, in order. */
const places = (deliveries: Delivery[] | undefined) =>
  [deliveries ?? []]
    .flat()
    .map((one) => `${one?.partition}:${one?.offset}`)
    .sort()

/** What a group was handed, all members together. */
const handed = (matrix: DeliveryMatrix | null, groupId: string) =>
  places(Object.values(matrix?.[groupId] ?? {}).flat())

check(
  'late-group',
  'A group that comes late can still have everything: reading takes nothing away',
  { about: 'fanOut' },
  async ({ play, topic, group, wire }) => {
    await topic.append(events(0, 0, 1, 2))
    const { matrix } = await play.run({ plan: [planned(group.name, 'audit-1')], expect: 4 })
    const asked = wire.requests('ListOffsets').flatMap(({ request }) => (request as ListOffsets).topics)
    const askedForTheEnd = asked.some(({ partitions }) => partitions.some((one) => one.timestamp === -1n))
    mistake(
      'starts-at-the-end',
      matrix === null && askedForTheEnd,
      'A group without a commit begins at the end of the log by default: what was written before it came, it never sees.',
    )
    expect(handed(matrix, group.name)).toEqual(['0:0', '0:1', '1:0', '2:0'])
  },
)

check(
  'every-group-has-all',
  'Every group is handed every record, and none of them waits for another: this is publish and subscribe',
  { after: 'late-group', about: 'fanOut' },
  async ({ play, topic, group, wire }) => {
    const plan = ['inventory', 'payment', 'audit'].map((service) =>
      planned(`${group.name}-${service}`, `${service}-1`),
    )
    await topic.append(events(0, 1, 2, 2, 1, 0))
    const { matrix } = await play.run({ plan, expect: 6 })
    const joined = wire.requests('JoinGroup').map(({ request }) => (request as OfMember).groupId)
    mistake(
      'one-reader-for-all',
      plan.some(({ groupId }) => !joined.includes(groupId)),
      'Not every group of the plan ever joined: one consumer read for all services. They have one position, so none can be slow, stop, or read again without the others.',
    )
    const counts = plan.map(({ groupId }) => handed(matrix, groupId).length)
    mistake(
      'first-group-is-enough',
      counts.includes(6) && Math.min(...counts) < 6,
      'It was over as soon as one group had everything: the others were cut off in the middle.',
    )
    const all = ['0:0', '0:1', '1:0', '1:1', '2:0', '2:1']
    expect(plan.map(({ groupId }) => handed(matrix, groupId))).toEqual([all, all, all])
  },
)

check(
  'one-member-each',
  'Inside a group every record goes to one member, whoever owns its partition: this is a queue with workers',
  { after: 'every-group-has-all', about: 'fanOut' },
  async ({ play, group, topic, wire }) => {
    const [workers, audit] = [`${group.name}-workers`, `${group.name}-audit`]
    const plan = [planned(workers, 'worker-1', 'worker-2', 'worker-3'), planned(audit, 'audit-1')]
    const { joined, matrix } = await play.run({ plan, expect: 6, sendTo: [0, 1, 2, 0, 1, 2] })
    const synced = wire.requests('SyncGroup').map(({ request }) => request as OfMember)
    const seen = synced.flatMap(({ groupId, memberId }) => (groupId === workers ? [memberId] : []))
    mistake(
      'one-consumer-per-group',
      new Set(seen).size === 1,
      'The group never had as many members as planned: one of them does all the work, and when it crashes there is nobody to take over.',
    )
    mistake(
      'every-member-needs-all',
      matrix === null && joined,
      'All records were handed out, and it still waits: in a group that shares them, no member is handed all of them.',
    )
    const rows = Object.values(matrix?.[workers] ?? {}).map(places)
    expect(rows.toSorted()).toEqual([
      ['0:0', '0:1'],
      ['1:0', '1:1'],
      ['2:0', '2:1'],
    ])
    expect(handed(matrix, audit)).toEqual(
      (await topic.records()).map((one) => `${one.partition}:${one.offset}`),
    )
  },
)

check(
  'idle-member',
  'A member without a partition is handed nothing, and is a member all the same',
  { after: 'one-member-each', about: 'fanOut' },
  async ({ play, group }) => {
    const members = ['worker-1', 'worker-2', 'worker-3', 'worker-4']
    const { matrix } = await play.run({
      plan: [planned(group.name, ...members)],
      expect: 6,
      sendTo: [0, 0, 1, 1, 2, 2],
    })
    const rows = matrix?.[group.name] ?? {}
    mistake(
      'idle-member-missing',
      matrix !== null && Object.keys(rows).length === 3,
      'Four members were started, and three are told of. The fourth costs as much as the others, and whoever looks at this does not see that it has nothing to do.',
    )
    const counts = members.map((member) => rows[member]?.length)
    expect(counts.toSorted(), 'records of each member').toEqual([0, 2, 2, 2])
  },
)

check(
  'own-offsets',
  'Every group has commits of its own: what one has read is new to another',
  { after: 'late-group', about: 'fanOut' },
  async ({ play, topic, group, groupNamed }) => {
    const [inventory, audit] = [`${group.name}-inventory`, `${group.name}-audit`]
    await topic.append(events(0, 1, 1))
    await play.run({ plan: [planned(inventory, 'inventory-1')], expect: 3 })
    const committed = await groupNamed(inventory).committed()
    mistake(
      'never-committed',
      Object.values(committed).every((offset) => offset === null),
      'Nothing was committed: when this group comes back, it is handed everything again.',
    )
    expect(committed).toEqual({ 0: '1', 1: '2', 2: null })

    const late = await play.run({ plan: [planned(audit, 'audit-1')], expect: 3 })
    expect(handed(late.matrix, audit)).toEqual(['0:0', '1:0', '1:1'])
    await topic.append(events(2, 0))
    const again = await play.run({ plan: [planned(inventory, 'inventory-1')], expect: 2 })
    expect(handed(again.matrix, inventory)).toEqual(['0:1', '2:0'])
  },
)

check(
  'groups-are-left',
  'A member that has stopped has left its group, and holds no partition back',
  { after: 'late-group', about: 'fanOut' },
  async ({ play, topic, group }) => {
    await topic.append(events(0, 1))
    const playing = play.run({ plan: [planned(group.name, 'audit-1')], expect: 2 })
    const returned = await playing.paused('returned')
    const state = await group.state()
    returned.go()
    await playing
    mistake(
      'left-running',
      state === 'Stable',
      'The promise has resolved, and the consumer is still a member: it keeps its partitions, and goes on fetching.',
    )
    expect(state).toBe('Empty')
  },
)
