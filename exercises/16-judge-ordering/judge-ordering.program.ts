// The first checks: what `publish` sends and how `follow` handles it. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, idsOf, LIFE, lives, orderIds } from './judge-ordering.events.ts'

/** The last check of this file: the program is in order. */
export const mended = 'done-is-done'

/** The events of each order, as the broker has stored them: `partition` of each, and their types by rising offset. */
async function storedByOrder(records: () => Promise<{ partition: number; value: string | null }[]>) {
  const stored = (await records()).map(({ partition, value }) => {
    const { orderId, type } = JSON.parse(String(value))
    return { partition, orderId, type }
  })
  return orderIds.map((id) => {
    const events = stored.filter(({ orderId }) => orderId === id)
    return {
      partitions: [...new Set(events.map(({ partition }) => partition))],
      types: events.map(({ type }) => type),
    }
  })
}

check(
  'one-partition',
  'Kafka keeps an order inside a partition only, so the events of an order have to share one',
  { about: 'publish' },
  async ({ play, topic }) => {
    await play.sendAll(lives(...orderIds))
    const scattered = (await storedByOrder(topic.records)).some(({ partitions }) => partitions.length > 1)
    const keys = (await topic.records()).map(({ key }) => key)
    mistake(
      'no-key',
      scattered && keys.includes(null),
      'Records without a key go to all partitions in turn. Each partition keeps its own order, and nobody keeps that of an order whose events lie in all of them.',
    )
    mistake(
      'random-key',
      scattered,
      'The events of one order have different keys and lie in different partitions. The load is even, and between partitions there is no order at all.',
    )
    expect(keys.length, 'records').toBe(36)
    const partitions = new Set((await topic.records()).map(({ partition }) => partition))
    mistake(
      'one-key-for-all',
      partitions.size === 1,
      'Every record is in the same partition: all is in order, and the other two partitions, and all members but one, have nothing to do.',
    )
  },
)

check(
  'sent-in-order',
  'A partition keeps the order in which records arrive, so the sender has to wait or send them together',
  { after: 'one-partition', about: 'publish' },
  async ({ play, topic }) => {
    await play.sendAll(lives(...orderIds))
    const types = (await storedByOrder(topic.records)).map((one) => one.types)
    mistake(
      'sends-not-awaited',
      types.some((some) => some.length === 4 && `${some}` !== `${LIFE}`),
      'Several sends were on their way at the same time, and what was sent last was stored before the one ahead of it. Each send succeeded; nobody gets an error for that.',
    )
    expect(types).toEqual(orderIds.map(() => LIFE))
  },
)

check(
  'one-after-the-other',
  'An event is over when its handler has ended, and only then it is the turn of the next one of its order',
  { after: 'sent-in-order', about: 'follow' },
  async ({ play, topic }) => {
    const events = lives('ORD-001')
    await topic.append(events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })))
    const { handled, overlapping } = await play.handleAll(events.length)
    mistake(
      'handler-not-awaited',
      overlapping.length > 0,
      'While an event was at work, the next one of the same order was begun. The log has them in order; the faster handler wins all the same.',
    )
    expect(handled).toEqual(idsOf(events))
  },
)

check(
  'done-is-done',
  'For kafkajs a record is done when your function has resolved: what is still at work then, a crash will lose',
  { after: 'one-after-the-other', about: 'follow' },
  async ({ play, topic }) => {
    const events = lives('ORD-001')
    await topic.append(events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })))
    const { committedAtWork, handled } = await play.handleAll(events.length)
    mistake(
      'queued-not-awaited',
      committedAtWork,
      'The handlers run one after the other, and kafkajs was told at once that all of them are done: the group had committed while the first event was still at work. After a crash at that moment, nobody handles them.',
    )
    expect(handled).toEqual(idsOf(events))
  },
)
