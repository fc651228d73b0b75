// The first checks: how `range` and `roundRobin` assign. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import {
  assignment,
  byKafkajs,
  golden,
  members,
  named,
  rowsOf,
  text,
  topics,
} from './assign-partitions.golden.ts'
import type * as yours from './assign-partitions.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

check(
  'one-owner',
  'Inside a group every partition has exactly one owner: nothing is read twice, nothing is forgotten',
  { about: 'range' },
  async ({ answer }) => {
    const given = await answer.range(members('A:orders B:orders C:orders'), topics('orders:7'))
    const owned = Object.values(given ?? {}).flatMap(named)
    mistake(
      'two-owners',
      new Set(owned).size < owned.length,
      'Two members of one group own the same partition: each of its records would be handled by both.',
    )
    expect(owned.sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((partition) => `orders-${partition}`))
  },
)

check(
  'range-gives-runs',
  'Range gives every member a run of neighbours, and where that does not divide, the first ones one more',
  { after: 'one-owner', about: 'range' },
  async ({ answer }) => {
    const [three = {}, four = {}] = await answer.range.each([
      [members('A:orders B:orders'), topics('orders:3')],
      [members('A:orders B:orders'), topics('orders:4')],
    ])
    mistake(
      'dealt-for-range',
      text(three) === 'A orders-0 orders-2; B orders-1',
      'Neighbours were dealt to different members, like cards. That is how kafkajs assigns; the default of the Java consumer cuts a topic into runs.',
    )
    mistake(
      'last-ones-get-more',
      text(three) === 'A orders-0; B orders-1 orders-2',
      'What does not divide went to the last in line. In every topic the same members have more, and with the range of Kafka it is not these.',
    )
    expect(text(three)).toBe('A orders-0 orders-1; B orders-2')
    expect(text(four)).toBe('A orders-0 orders-1; B orders-2 orders-3')

    const seven = await answer.range(members('A:orders B:orders C:orders'), topics('orders:7'))
    mistake(
      'rounded-up-for-all',
      named(seven.A).length === 3 && named(seven.B).length === 3,
      'Everybody took the rounded-up share until nothing was left: the last member has two partitions less than the others, where one would do.',
    )
    expect(text(seven)).toBe('A orders-0 orders-1 orders-2; B orders-3 orders-4; C orders-5 orders-6')
  },
)

check(
  'idle-member',
  'A member beyond the number of partitions is idle: it is in the group, and owns nothing',
  { after: 'one-owner', about: 'range' },
  async ({ answer }) => {
    const group = members('A:orders B:orders C:orders D:orders E:orders')
    const given = await answer.range(group, topics('orders:4'))
    mistake(
      'idle-member-missing',
      !Object.keys(given ?? {}).includes('E'),
      'The fifth member of four partitions is not in the assignment. It is in the group all the same, sends heartbeats, and waits to take over.',
    )
    expect(text(given)).toBe('A orders-0; B orders-1; C orders-2; D orders-3; E')
  },
)

check(
  'line-of-ids',
  'Members stand in a line by the code units of their ids, so that everybody who computes it gets the same',
  { after: 'range-gives-runs', about: 'range' },
  async ({ answer }) => {
    const numbered = members('svc/2:orders svc/10:orders svc/1:orders')
    const given = text(await answer.range(numbered, topics('orders:4')))
    mistake(
      'order-of-arrival',
      given.includes('svc/2 orders-0 orders-1'),
      'The members stand as they came: the same group, listed in another order, would get another assignment, and partitions would move for nothing.',
    )
    mistake(
      'numbers-in-ids',
      given.includes('svc/2 orders-2'),
      'The ids were sorted by the numbers in them. To Kafka an id is text.',
    )
    expect(given).toBe('svc/1 orders-0 orders-1; svc/10 orders-2; svc/2 orders-3')

    const mixed = text(await answer.range(members('a:orders B:orders _:orders'), topics('orders:4')))
    mistake(
      'alphabet-of-a-language',
      mixed.includes('_ orders-0 orders-1') || mixed.includes('a orders-0 orders-1'),
      'The ids were sorted as a dictionary does it. That order depends on the language that a machine is set to; code units are the same everywhere.',
    )
    expect(mixed).toBe('B orders-0 orders-1; _ orders-2; a orders-3')
  },
)

check(
  'topic-by-topic',
  'Range divides every topic for itself, so what is left over goes to the first members again and again',
  { after: 'range-gives-runs', about: 'range' },
  async ({ answer }) => {
    const given = text(
      await answer.range(members('A:events,orders B:events,orders'), topics('orders:3 events:3')),
    )
    mistake(
      'topics-in-one-line',
      ['A events-0 events-1 events-2', 'A orders-0 orders-1 orders-2'].some((row) => given.startsWith(row)),
      'The partitions of both topics were put in one line before it was cut: partition 0 of one topic and partition 0 of the other now have different owners, although they hold the same keys when the topics share them.',
    )
    expect(given).toBe('A events-0 events-1 orders-0 orders-1; B events-2 orders-2')
  },
)

check(
  'only-subscribed',
  'A member gets partitions only of topics that it has subscribed to',
  { after: 'topic-by-topic', about: 'range' },
  async ({ answer }) => {
    const given = await answer.range(members('A:orders B:events'), topics('orders:2 events:3'))
    mistake(
      'subscriptions-ignored',
      /events/.test(`${named(given?.A)}`) || /orders/.test(`${named(given?.B)}`),
      'A member owns partitions of a topic that it never asked for: it will not read them, and nobody else is allowed to.',
    )
    expect(text(given)).toBe('A orders-0 orders-1; B events-0 events-1 events-2')
  },
)

check(
  'range-as-in-java',
  "Kafka's own RangeAssignor comes to the same result, whoever came first",
  { after: ['idle-member', 'line-of-ids', 'only-subscribed'], about: 'range' },
  async ({ answer, random }) => {
    const shop = `shop${random.int(100, 999)}.`
    for (const [group = '', sizes = '', expected = ''] of rowsOf(golden)) {
      const given = await answer.range(random.shuffle(members(group, shop)), topics(sizes, shop))
      expect(text(given), `${group} on ${sizes}`).toBe(text(assignment(expected, shop)))
    }
  },
)

check(
  'round-robin-deals',
  'Round-robin deals the partitions out one by one, like cards',
  { about: 'roundRobin' },
  async ({ answer }) => {
    const given = await answer.roundRobin.each([
      [members('B:orders A:orders'), topics('orders:3')],
      [members('A:orders B:orders'), topics('orders:4')],
      [members('A:orders B:orders C:orders'), topics('orders:7')],
      [members('A:orders B:orders C:orders'), topics('orders:2')],
    ])
    expect(given.map(text)).toEqual([
      'A orders-0 orders-2; B orders-1',
      'A orders-0 orders-2; B orders-1 orders-3',
      'A orders-0 orders-3 orders-6; B orders-1 orders-4; C orders-2 orders-5',
      'A orders-0; B orders-1; C',
    ])
  },
)

check(
  'round-robin-goes-on',
  'Round-robin goes on with the next member where one topic ends and the next begins',
  { after: 'round-robin-deals', about: 'roundRobin' },
  async ({ answer }) => {
    const given = text(
      await answer.roundRobin(members('A:events,orders B:events,orders'), topics('orders:3 events:3')),
    )
    mistake(
      'restarted-per-topic',
      given === 'A events-0 events-2 orders-0 orders-2; B events-1 orders-1',
      'Every topic began with the first member again: with many topics of three partitions, the first of two members would get twice as much as the second.',
    )
    mistake(
      'topics-as-they-come',
      given === 'A events-1 orders-0 orders-2; B events-0 events-2 orders-1',
      'The topics were taken as they were listed. Listed in another order, the same group would get another assignment.',
    )
    expect(given).toBe('A events-0 events-2 orders-1; B events-1 orders-0 orders-2')
  },
)

check(
  'round-robin-passes-over',
  'Who is not subscribed to a topic is passed over, and the next in line gets the partition',
  { after: 'round-robin-goes-on', about: 'roundRobin' },
  async ({ answer }) => {
    const group = members('A:events B:events,orders C:events,orders,refunds')
    const given = text(await answer.roundRobin(group, topics('events:1 orders:2 refunds:3')))
    mistake(
      'count-as-place',
      given.startsWith('A events-0; B orders-1'),
      'The number of partitions dealt so far was taken for a place among the subscribers. The line is always the same, and whoever stands after the last owner is next.',
    )
    expect(given).toBe('A events-0; B orders-0; C orders-1 refunds-0 refunds-1 refunds-2')
  },
)

check(
  'round-robin-as-in-clients',
  "Kafka's own RoundRobinAssignor, and that of kafkajs, come to the same result",
  { after: 'round-robin-passes-over', about: 'roundRobin' },
  async ({ answer, random }) => {
    const shop = `shop${random.int(100, 999)}.`
    for (const [group = '', sizes = '', , expected = ''] of rowsOf(golden)) {
      const given = await answer.roundRobin(random.shuffle(members(group, shop)), topics(sizes, shop))
      expect(text(given), `${group} on ${sizes}`).toBe(text(assignment(expected, shop)))
    }
    for (let trial = 0; trial < 20; trial++) {
      const names = [...'dacb'].slice(0, random.int(1, 4)).map((name) => shop + name)
      const sizes = Object.fromEntries(names.map((name) => [name, random.int(1, 9)]))
      const ids = Array.from({ length: random.int(1, 9) }, () => random.orderId())
      const group = [...new Set(ids)].map((id) => ({ id, topics: names }))
      expect(text(await answer.roundRobin(group, sizes))).toBe(text(await byKafkajs(group, sizes)))
    }
  },
)
