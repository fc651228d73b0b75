// The checks in the middle: what `analyzeOrdering` says of a run. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, idsOf, lives, ofOrder2, orderIds, told, trace, within } from './judge-ordering.events.ts'
import { mended } from './judge-ordering.program.ts'
import type { OrderingReport, Rule, Trace } from './judge-ordering.ts'

check(
  'every-pair',
  'A slow handler that nobody waits for is overtaken by all events behind it, and not only by the next one',
  { after: mended, about: 'analyzeOrdering' },
  async ({ answer }) => {
    const slow = [
      trace(1, { handled: { from: 10, to: 40 } }),
      trace(2, { handled: { from: 20, to: 24 } }),
      trace(3, { handled: { from: 30, to: 35 } }),
      trace(4, { handled: { from: 40, to: 45 } }),
    ]
    const overlapping = [
      trace(1, { handled: { from: 10, to: 20 } }),
      trace(2, { handled: { from: 15, to: 25 } }),
    ]
    const [ofSlow, ofOverlapping] = await answer.analyzeOrdering.each([
      [slow.toReversed(), within('order')],
      [overlapping, within('order')],
    ])
    const found = told(ofSlow as OrderingReport)
    mistake(
      'neighbours-only',
      found.length === 1 && found[0] === '1>2 not-awaited',
      'Event 3 was begun and ended while event 1 was still at work, and that was not seen: each event was compared with the next one only.',
    )
    mistake(
      'ends-in-order',
      found.length === 2 && told(ofOverlapping as OrderingReport).length === 0,
      'Two handlers of one order were at work at the same time, and because they ended in order, all was called well. The second one began with a state that the first one had not finished.',
    )
    expect(found).toEqual(['1>2 not-awaited', '1>3 not-awaited'])
    expect(told(ofOverlapping as OrderingReport)).toEqual(['1>2 not-awaited'])
  },
)

check(
  'other-orders',
  'What does not belong together may be handled in any order: that is what partitions are for',
  { after: 'every-pair', about: 'analyzeOrdering' },
  async ({ answer }) => {
    const traces = [
      trace(1, { handled: { from: 10, to: 90 } }),
      trace(2, { ...ofOrder2, userId: 'USR-1', partition: 1, offset: 0n, handled: { from: 20, to: 30 } }),
      trace(3, { ...ofOrder2, userId: 'USR-1', partition: 1, offset: 1n, handled: { from: 30, to: 40 } }),
      trace(4, { handled: { from: 90, to: 95 } }),
    ]
    const [perOrder, perUser] = await answer.analyzeOrdering.each([
      [traces, within('order')],
      [traces, within('user')],
    ])
    mistake(
      'interleaving-is-a-bug',
      told(perOrder as OrderingReport).length > 0,
      'Two orders in two partitions were handled at the same time, and this was reported. The rule asks for the order inside each of them, and that was kept.',
    )
    expect(told(perOrder as OrderingReport)).toEqual([])
    expect(told(perUser as OrderingReport)).toEqual(['1>2 different-keys', '1>3 different-keys'])
  },
)

check(
  'clocks-differ',
  'A timestamp says what the clock of one machine showed; another machine has another clock',
  { after: 'every-pair', about: 'analyzeOrdering' },
  async ({ answer }) => {
    const clocks = [
      trace(1, { occurredAt: 5_000, producer: 'shop' }),
      trace(2, { occurredAt: 4_000, producer: 'warehouse' }),
    ]
    const swapped = [
      trace(1, { occurredAt: 5_000, handled: { from: 200, to: 250 } }),
      trace(2, { occurredAt: 4_000, producer: 'warehouse', handled: { from: 100, to: 150 } }),
    ]
    const reports = await answer.analyzeOrdering.each([
      [clocks, within('order')],
      [swapped, within('order')],
    ])
    mistake(
      'sorted-by-timestamp',
      told(reports[0] as OrderingReport).length > 0,
      'Events 1 and 2 were handled in the order in which they happened, and were reported, because the clock of the warehouse is a second slow. Sorted by timestamp, a parcel leaves before it is ordered.',
    )
    expect(reports.map(told)).toEqual([[], ['1>2 not-awaited']])
  },
)

check(
  'append-order',
  'A partition has the order in which records were appended, and that need not be the order in which things happened',
  { after: 'every-pair', about: 'analyzeOrdering' },
  async ({ answer }) => {
    const late = { offset: 7n, handled: { from: 300, to: 350 } }
    const reports = await answer.analyzeOrdering.each([
      [[trace(1, late), trace(2)], within('order')],
      [[trace(1, { ...late, attempts: 2 }), trace(2)], within('order')],
      [[trace(1, { ...late, attempts: 2 }), trace(2, { producer: 'warehouse' })], within('order')],
      [[trace(1, late), trace(2, { attempts: 2 })], within('order')],
    ])
    const found = reports.map(told)
    mistake(
      'log-order-is-truth',
      found.every((pairs) => pairs.length === 0),
      'Event 1 lies behind event 2 in its partition and was handled after it, and nothing was reported. The consumer did its part; the log itself is in the wrong order.',
    )
    expect(found).toEqual([
      ['1>2 sent-together'],
      ['1>2 retried'],
      ['1>2 two-producers'],
      ['1>2 sent-together'],
    ])
  },
)

check(
  'between-partitions',
  'Between partitions there is no order: not with one key after growth, and least of all without a key',
  { after: ['append-order', 'other-orders'], about: 'analyzeOrdering' },
  async ({ answer }) => {
    const early = { partition: 4, offset: 0n, handled: { from: 10, to: 20 } }
    const reports = await answer.analyzeOrdering.each([
      [[trace(1), trace(2, early)], within('order')],
      [[trace(1, { key: null }), trace(2, { ...early, key: null })], within('order')],
      [[trace(1), trace(2, { ...early, key: 'USR-1' })], within('order')],
      [[trace(1, { attempts: 3 }), trace(2, { ...early, key: null, producer: 'app' })], within('order')],
    ])
    const found = reports.map(told)
    mistake(
      'same-key-same-partition',
      found[0]?.[0] === '1>2 sent-together',
      'The two records lie in different partitions, and their offsets were compared. Each partition counts for itself; and the same key goes to the same partition only while their number stays the same.',
    )
    mistake(
      'null-is-a-key',
      found[1]?.[0] === '1>2 key-moved',
      'Two records without a key were taken for records with the same key. No key is nothing that two records could share.',
    )
    expect(found).toEqual([['1>2 key-moved'], ['1>2 no-key'], ['1>2 different-keys'], ['1>2 no-key']])
  },
)

check(
  'luck-is-no-promise',
  'What lies in several partitions may be handled in order today; nothing in Kafka promises it for tomorrow',
  { after: 'between-partitions', about: 'analyzeOrdering' },
  async ({ answer }) => {
    const lucky = [trace(1, { key: null }), trace(2, { key: null, partition: 1 })]
    const together = [trace(3, ofOrder2), trace(4, { ...ofOrder2 })]
    const apart = [trace(1), trace(2), trace(3, { ...ofOrder2, partition: 2 })]
    const reports = await answer.analyzeOrdering.each([
      [[...lucky, ...together], within('order')],
      [apart, within('topic')],
      [apart, within('order')],
      [apart, within('user')],
      [[...lucky, ...together], within('user')],
    ])
    expect(reports.flatMap(told), 'violations').toEqual([])
    const scattered = reports.map((report) => report.scattered)
    mistake(
      'went-well-is-promised',
      scattered[0]?.length === 0,
      'The two events of ORD-1 lie in two partitions. They were handled in order by luck, and the report calls this safe.',
    )
    mistake(
      'topic-wide-promise',
      scattered[1]?.length === 0,
      'The whole topic was to be in order, its events lie in two partitions, and nothing was reported. A key keeps one order together; it does not put two of them in line.',
    )
    expect(scattered).toEqual([['ORD-1'], ['topic'], [], [], ['USR-1']])
  },
)

check(
  'topic-grew',
  'When a topic grows, the next event of an order goes elsewhere, and the old ones stay where they are',
  { after: 'luck-is-no-promise', about: 'analyzeOrdering' },
  async ({ play, answer, topic }) => {
    await play.growth(orderIds)
    const inOrder = idsOf(lives(...orderIds))
    const stored = (await topic.records()).map(({ partition, offset, key, value }) => ({
      ...trace(inOrder.indexOf(JSON.parse(String(value)).eventId) + 1, JSON.parse(String(value))),
      ...{ key, partition, offset: BigInt(offset), occurredAt: 0 },
    }))
    // A member that owns only new partitions has less to read, and is ahead of the others.
    // A retry may have stored an event twice, which is another matter: the first copy counts.
    const once = stored.filter((one, at) => stored.findIndex(({ eventId }) => eventId === one.eventId) === at)
    const traces = once.map((one) => {
      const from = (one.partition < 3 ? 1_000 : 0) + 10 * Number(one.offset)
      return { ...one, handled: { from, to: from + 10 } }
    })
    const moved = orderIds.filter((id) => traces.some((one) => one.orderId === id && one.partition >= 3))
    const report = await answer.analyzeOrdering(traces, within('order'))
    expect([...report.scattered].sort()).toEqual(moved)
    const wanted = moved.flatMap((id) =>
      ['OrderPlaced', 'OrderConfirmed'].flatMap((early) =>
        ['OrderShipped', 'OrderDelivered'].map((late) => `${id}-${early}>${id}-${late} key-moved`),
      ),
    )
    expect(told(report)).toEqual(wanted.sort())
  },
)

check(
  'hot-key',
  'A key cannot be split: the one that has most of the records decides how fast the topic is',
  { after: mended, about: 'analyzeOrdering' },
  async ({ answer }) => {
    const keys = ['A', 'A', 'A', 'A', 'A', 'B', 'C', 'C', 'D', null]
    const traces = keys.map((key, at) =>
      trace(at + 1, { key, orderId: `ORD-${key}`, partition: key === 'A' || key === 'B' ? 0 : 1 }),
    )
    const reports = await answer.analyzeOrdering.each(
      [49, 50, 15, 0].map((hotPercent): [Trace[], Rule] => [traces, { within: 'order', hotPercent }]),
    )
    const hot = reports.map(({ hotKeys }) => [...hotKeys].sort())
    mistake(
      'crowded-is-hot',
      hot[0]?.includes('B') === true,
      'Key B has one record of ten and was called hot, because it shares its partition with key A. Crowded partitions can be helped with more partitions; a hot key cannot.',
    )
    expect(hot, 'more than 49, 50, 15 and 0 percent').toEqual([['A'], [], ['A', 'C'], ['A', 'B', 'C', 'D']])
  },
)

check(
  'one-fault-in-many',
  'In a run of many orders, the one handler that was not awaited is found, and nobody else is blamed',
  { after: ['luck-is-no-promise', 'clocks-differ'], about: 'analyzeOrdering' },
  async ({ answer, random }) => {
    const trials = Array.from({ length: 100 }, () => {
      const orders = Array.from({ length: random.int(2, 6) }, (_, at) => `ORD-${at}`)
      const run = Array.from({ length: random.int(12, 30) }, (_, at) => {
        const orderId = random.pick(orders)
        const partition = Number(orderId.slice(4)) % 3
        return trace(at + 1, { orderId, key: orderId, partition, occurredAt: random.int(0, 9_999) })
      })
      const orderId = run[0]?.orderId
      const [slow, next] = run.filter((one) => one.orderId === orderId)
      if (slow && next) slow.handled.to = next.handled.from + 1
      const wanted = slow && next ? [`${slow.sequence}>${next.sequence} not-awaited`] : []
      return { run: random.shuffle(run), wanted }
    })
    const reports = await answer.analyzeOrdering.each(trials.map(({ run }) => [run, within('order')]))
    expect(reports.map(told)).toEqual(trials.map(({ wanted }) => wanted))
  },
)
