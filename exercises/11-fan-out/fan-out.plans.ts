// The first checks: which groups `planGroups` plans. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './fan-out.scenes.ts'
import type * as yours from './fan-out.ts'
import type { GroupPlan, Need } from './fan-out.ts'

export const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
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
      'Asked again, the plan has other group ids: after every restart, all services begin anew: at the first event of all, or behind the last one.',
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
      // Alone in its group, and no safer for it.
      need('audit-service'),
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
      'audit-service-1': 'at-least-once',
    })
  },
)
