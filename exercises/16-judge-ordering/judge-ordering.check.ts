import { expect } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './judge-ordering.scenes.ts'
import type * as yours from './judge-ordering.ts'
import type { OrderingReport, Rule, Scenario, Trace } from './judge-ordering.ts'

const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
  deadlineMs: 15_000,
})

const LIFE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered']
/** All events of some orders, each order by another user. */
const lives = (...orderIds: string[]) =>
  orderIds.flatMap((id) => LIFE.map((type) => order(id, { type, userId: `USR-of-${id}` })))
const idsOf = (events: { eventId: string }[]) => events.map(({ eventId }) => eventId)

const orderIds = Array.from({ length: 9 }, (_, index) => `ORD-00${index + 1}`)

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

/** The program is in order; now the analysis. */
const mended = 'done-is-done'

/** The n-th event of the bookstore: nothing is wrong with it, `given` says what is different. */
const trace = (sequence: number, given: Partial<Trace> = {}): Trace => ({
  eventId: `EVT-${sequence}`,
  orderId: 'ORD-1',
  userId: 'USR-1',
  sequence,
  occurredAt: 1_000 * sequence,
  key: 'ORD-1',
  producer: 'shop',
  attempts: 1,
  partition: 0,
  offset: BigInt(sequence),
  handled: { from: 100 * sequence, to: 100 * sequence + 50 },
  ...given,
})
const ofOrder2: Partial<Trace> = { orderId: 'ORD-2', key: 'ORD-2', userId: 'USR-2' }
const within = (what: Rule['within']): Rule => ({ within: what, hotPercent: 100 })

/** `1>3 not-awaited`: the violations of a report, in any order of the answer. */
const told = ({ violations }: OrderingReport) =>
  violations.map(({ first, second, cause }) => `${first}>${second} ${cause}`.replaceAll('EVT-', '')).sort()

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
      'The topic may grow and the advice does not mention it. On that day half of the keys move, and the events of one order lie in two partitions.',
    )
    expect(warnings).toEqual([['growth'], ['growth', 'hot-key'], []])
    expect([null, 'eventId'], 'the key where no order is asked for').toContain(advice[2]?.key)
  },
)
