// The checks of stage 1: order and inventory. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import {
  bookOrder,
  check,
  eventIn,
  LIFECYCLE,
  type Rows,
  STOCK,
  statuses,
  statusOf,
} from './bookstore.rows.ts'

check(
  'inventory-away',
  'Stage 1, order and inventory: who places an order does not wait for those who will read of it, or work for them',
  { about: 'run' },
  async ({ play, topic, group, groupNamed, wire, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 2 })
    const tooMany = bookOrder(random.orderId(), { qty: 9 })
    // Whoever does not wait for the broker is done before its answer can have come.
    wire.fault({ api: 'Produce', delayMs: 300 })
    const playing = play.inventoryAway({ placed, tooMany })
    const away = await playing.paused('placed')
    const told = (await topic.records()).length
    const kept = playing.paused('kept')
    away.go()
    mistake(
      'not-awaited',
      told === 0,
      'publish() said that the event is stored, and it was still on its way to the broker: when it gets lost there, the order was placed and nobody knows.',
    )
    mistake(
      'direct-calls',
      told > 1 || (away.detail as { inventory: Rows }).inventory[STOCK] !== '10',
      'Inventory does not run, and its work was done all the same: who publishes the order has done it, with a hand in the database of another service.',
    )
    const atWork = await kept.catch(() => null)
    const inventoryGroup = groupNamed(`${group.name}-inventory`)
    const committed = Object.values(await inventoryGroup.committed())
    atWork?.go()
    const { confirmed, order, inventory } = await playing
    mistake(
      'starts-at-the-end',
      !confirmed && order[statusOf(tooMany)] !== undefined,
      'Inventory came a minute after the order, and never heard of it: a group without a commit begins at the end, unless it says otherwise.',
    )
    mistake(
      'commit-before-work',
      committed.some((offset) => offset !== null),
      'The copies had just been taken off the shelf, nobody had been told, and the event was committed already: a crash at this moment loses the rest of its work.',
      wire.commits().find((commit) => commit.group === inventoryGroup.name)?.exchange,
    )
    expect(order).toMatchObject({ ...statuses('CONFIRMED', [placed]), ...statuses('REJECTED', [tooMany]) })
    expect(inventory, 'of 10 copies').toMatchObject({ [STOCK]: '8' })
  },
)

check(
  'lifecycle',
  'Stage 1, order and inventory: the events of one order keep their order, because they share a key',
  { after: 'inventory-away', about: 'publish' },
  async ({ play, topic, wire, random }) => {
    const placed = [1, 2, 3].map((qty) => bookOrder(random.orderId(), { qty }))
    const { confirmed, delivered, settled, order, inventory } = await play.lifecycle({ placed })
    const records = (await topic.records()).map((record) => ({ ...record, event: eventIn(record) }))
    mistake(
      'order-not-the-key',
      records.some(({ key, event }) => key !== event.orderId),
      'There are events whose key is not the id of their order. Only a key of their own keeps the events of one order in one partition, and apart from all others.',
      wire.produced().find(({ key, value }) => String(key) !== eventIn({ value: String(value) }).orderId)
        ?.exchange,
    )
    expect(confirmed, 'the orders were confirmed').toBe(true)
    for (const { orderId } of placed) {
      const ofOrder = records.filter(({ event }) => event.orderId === orderId)
      const types = [...new Set(ofOrder.map(({ event }) => event.type))]
      expect(
        types.filter((type) => LIFECYCLE.includes(type)),
        `events of ${orderId}`,
      ).toEqual(LIFECYCLE)
      expect(new Set(ofOrder.map(({ partition }) => partition)).size, `partitions of ${orderId}`).toBe(1)
    }
    expect(order).toMatchObject(statuses('DELIVERED', placed))
    expect(delivered, 'the orders were delivered').toBe(true)
    expect(inventory, 'of 10 copies').toMatchObject({ [STOCK]: '4' })
    mistake(
      'lag-stays',
      !settled,
      'Everything was done, and the groups still have lag: somebody reads records and does not commit them. Nobody can tell any more who is behind, and the next member begins with what was done long ago.',
    )
  },
)

check(
  'comes-twice',
  'Stage 1, order and inventory: at least once means that any event may come a second time, even much later',
  { after: 'lifecycle', about: 'run' },
  async ({ play, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 2 })
    const { twice, replayed } = await play.comesTwice({ placed })
    mistake(
      'taken-twice',
      Number(twice.inventory[STOCK]) < 8,
      'The event of one order came twice, and its copies were taken off the shelf twice.',
    )
    mistake(
      'status-goes-back',
      /PLACED|CONFIRMED/.test(twice.order[statusOf(placed)] ?? ''),
      'The order was on its way when its first event came once more, and now it counts as one that was just placed: what the order service reads for a second time is news to it.',
    )
    expect(twice.inventory, 'of 10 copies').toMatchObject({ [STOCK]: '8' })
    expect(replayed.inventory, 'of 10 copies, when inventory has read everything again').toMatchObject({
      [STOCK]: '8',
    })
    expect(replayed.order).toMatchObject(statuses('SHIPPED', [placed]))
  },
)
