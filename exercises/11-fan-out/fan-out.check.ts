import { expect } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './fan-out.scenes.ts'
import type * as yours from './fan-out.ts'
import type { Delivery, DeliveryMatrix, GroupPlan, Need } from './fan-out.ts'

const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
  deadlineMs: 20_000,
})

const need = (service: string, given: Partial<Need> = {}): Need => ({
  service,
  copies: 1,
  readers: 'share',
  commits: 'after-work',
  ...given,
})

/** A plan as text, one line for each group: its members. An answer may hand over anything. */
const membersOf = (plan: GroupPlan) =>
  [plan ?? []]
    .flat()
    .map((group) => [group?.members ?? []].flat().sort().join(' '))
    .sort()

/** What the plan says of each member's group: its id, or its promise. */
const byMember = (plan: GroupPlan, what: 'groupId' | 'promised') =>
  Object.fromEntries(
    [plan ?? []].flat().flatMap((group) => [group?.members ?? []].flat().map((one) => [one, group?.[what]])),
  )

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
  'service-is-a-group',
  'Who has to hear of every event is a group: services that share a group id take events from each other',
  { about: 'planGroups' },
  async ({ answer }) => {
    const services = ['inventory-service', 'payment-service', 'analytics-service']
    const plan = await answer.planGroups(services.map((service) => need(service)))
    const ids = new Set(Object.values(byMember(plan, 'groupId')))
    mistake(
      'one-group-for-services',
      ids.size === 1,
      'All services are members of one group: each event goes to one of them, and the other two never hear of it.',
    )
    expect(membersOf(plan)).toEqual(['analytics-service-1', 'inventory-service-1', 'payment-service-1'])
    expect(ids.size, 'different group ids').toBe(3)
  },
)

check(
  'copies-share-a-group',
  'Copies that share the work share a group: then every event goes to one of them',
  { after: 'service-is-a-group', about: 'planGroups' },
  async ({ answer }) => {
    const plan = await answer.planGroups([need('inventory-service', { copies: 3 }), need('payment-service')])
    mistake(
      'group-per-copy',
      membersOf(plan).length === 4,
      'Every copy is a group of its own: three copies of the inventory service reserve each book three times.',
    )
    expect(membersOf(plan)).toEqual([
      'inventory-service-1 inventory-service-2 inventory-service-3',
      'payment-service-1',
    ])
  },
)

check(
  'each-copy-hears',
  'Copies that all have to hear of an event cannot share a group',
  { after: 'copies-share-a-group', about: 'planGroups' },
  async ({ answer }) => {
    const plan = await answer.planGroups([
      need('price-cache', { copies: 3, readers: 'each' }),
      need('payment-service', { copies: 2 }),
    ])
    mistake(
      'caches-in-one-group',
      membersOf(plan).includes('price-cache-1 price-cache-2 price-cache-3'),
      'The three caches divide the events among them: each of them shows old prices for two thirds of the books.',
    )
    expect(membersOf(plan)).toEqual([
      'payment-service-1 payment-service-2',
      'price-cache-1',
      'price-cache-2',
      'price-cache-3',
    ])
    expect(new Set(Object.values(byMember(plan, 'groupId'))).size, 'different group ids').toBe(4)
  },
)

check(
  'id-stays',
  'The group id is the name under which a group finds its commits again, after a restart and with more copies',
  { after: 'each-copy-hears', about: 'planGroups' },
  async ({ answer }) => {
    const small = [need('inventory-service'), need('price-cache', { readers: 'each' })]
    const today = byMember(await answer.planGroups(small), 'groupId')
    const tomorrow = byMember(await answer.planGroups(small), 'groupId')
    mistake(
      'random-group-id',
      today['inventory-service-1'] !== tomorrow['inventory-service-1'],
      'Asked again, the plan has other group ids: after every restart, all services begin with the first event of all.',
    )
    const grown = await answer.planGroups([
      need('audit-service'),
      need('price-cache', { readers: 'each', copies: 3 }),
      need('inventory-service', { copies: 4 }),
    ])
    const large = byMember(grown, 'groupId')
    mistake(
      'id-of-today',
      large['inventory-service-1'] !== today['inventory-service-1'],
      'The same service got another group id because it runs with more copies, or beside other services: its commits stay behind under the old name.',
    )
    mistake(
      'alone-is-shared',
      large['price-cache-1'] !== today['price-cache-1'],
      'The first cache has another group id since it is not alone any more: its commits stay behind under the old name, on the day that a second one is started.',
    )
    expect(tomorrow).toEqual(today)
    expect(large).toMatchObject(today)
  },
)

check(
  'promise-of-a-group',
  'One member at a time is not once only: a crash between the work and the commit repeats one of them or loses it',
  { after: 'copies-share-a-group', about: 'planGroups' },
  async ({ answer }) => {
    const plan = await answer.planGroups([
      need('inventory-service', { copies: 2 }),
      need('price-cache', { commits: 'before-work' }),
    ])
    const promised = byMember(plan, 'promised')
    mistake(
      'claims-exactly-once',
      Object.values(promised).includes('exactly-once'),
      'Each event goes to one member, so it was taken for handled once. But that member may crash between its work and its commit, and the next one cannot know what was done.',
    )
    mistake(
      'promise-turned-around',
      promised['inventory-service-1'] === 'at-most-once' && promised['price-cache-1'] === 'at-least-once',
      'The promises stand the wrong way round: think of a crash in the middle, and of where the next member begins.',
    )
    expect(promised).toEqual({
      'inventory-service-1': 'at-least-once',
      'inventory-service-2': 'at-least-once',
      'price-cache-1': 'at-most-once',
    })
  },
)

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
      'All records were handed out, and it still waits: in a group, no member is ever handed all of them.',
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
