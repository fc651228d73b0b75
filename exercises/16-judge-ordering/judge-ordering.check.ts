// The last checks: what `chooseKey` advises. Nothing to edit here.

import './judge-ordering.analysis.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check } from './judge-ordering.events.ts'
import { mended } from './judge-ordering.program.ts'
import type { Scenario } from './judge-ordering.ts'

/** Four partitions, nothing busy, nothing grows; `given` says what is different. */
const scenario = (given: Partial<Scenario>): [Scenario] => [
  { order: 'order', partitions: 4, busiest: { orderId: 1, userId: 5 }, mayGrow: false, ...given },
]

check(
  'narrowest-key',
  'The key is the unit of order: as wide as the order that is asked for, and no wider',
  { after: mended, about: 'chooseKey' },
  async ({ answer }) => {
    const [perOrder, perUser] = await answer.chooseKey.each([scenario({}), scenario({ order: 'user' })])
    mistake(
      'user-for-everything',
      perOrder?.key === 'userId',
      'Only the events of one order have to keep their order, and now all orders of a user wait for each other. A wholesaler who orders all day is one user.',
    )
    expect(perOrder).toMatchObject({ key: 'orderId', partitions: 4, warnings: [] })
    expect(perUser).toMatchObject({ key: 'userId', partitions: 4, warnings: [] })
  },
)

check(
  'order-before-balance',
  'A hot key is a reason to warn, and no reason to give up an order that is needed',
  { after: 'narrowest-key', about: 'chooseKey' },
  async ({ answer }) => {
    const busiest = { orderId: 20, userId: 60 }
    const advice = await answer.chooseKey.each([
      scenario({ order: 'user', busiest }),
      scenario({ order: 'user', busiest: { orderId: 1, userId: 25 } }),
      scenario({ order: 'order', busiest }),
      scenario({ order: 'order', busiest, partitions: 6 }),
    ])
    mistake(
      'balance-before-order',
      advice[0]?.key !== 'userId' && advice[0]?.key !== 'orderId',
      'One user makes most of the records, so the key was given up for an even load. The events of a user have to keep their order, and now nothing does that.',
    )
    expect(advice.map(({ key, warnings }) => `${key} ${warnings}`)).toEqual([
      'userId hot-key',
      'userId ',
      'orderId ',
      'orderId hot-key',
    ])
  },
)

check(
  'whole-topic',
  'A topic is in order as a whole only when it has one partition, and then it has one reader at a time',
  { after: 'narrowest-key', about: 'chooseKey' },
  async ({ answer }) => {
    const advice = await answer.chooseKey(...scenario({ order: 'topic' }))
    mistake(
      'one-key-many-partitions',
      advice.partitions !== 1,
      'The whole topic is to be in order, and the advice leaves it several partitions. Whatever the key, there is no order between them.',
    )
    expect(advice.partitions).toBe(1)
    expect(advice.warnings).toContain('one-at-a-time')
  },
)

check(
  'growth-moves-keys',
  'A topic that grows sends the next event of an order elsewhere, while its last one may still be waiting',
  { after: 'narrowest-key', about: 'chooseKey' },
  async ({ answer }) => {
    const advice = await answer.chooseKey.each([
      scenario({ mayGrow: true }),
      scenario({ mayGrow: true, order: 'user', busiest: { orderId: 1, userId: 90 } }),
      scenario({ mayGrow: true, order: 'none', busiest: { orderId: 90, userId: 90 } }),
    ])
    const warnings = advice.map((one) => [...one.warnings].sort())
    mistake(
      'growth-forgotten',
      warnings[0]?.length === 0,
      'The topic may grow and the advice does not mention it. On that day many of the keys move, and the events of an order may lie in two partitions.',
    )
    expect(warnings).toEqual([['growth'], ['growth', 'hot-key'], []])
    expect([null, 'eventId'], 'the key where no order is asked for').toContain(advice[2]?.key)
  },
)
