import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { type BookEvent, order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './produce-batch.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

/** Some events, dealt out to the orders in turn. ORD-001, ORD-002 and ORD-004 lie in three different partitions of three. */
const events = (count: number, orderIds = ['ORD-001', 'ORD-002', 'ORD-004']) =>
  Array.from({ length: count }, (_, index) =>
    order(orderIds[index % orderIds.length] as string, { eventId: `EVT-${index}` }),
  )

const ids = (list: { value: string | null }[]) => list.map(({ value }) => String(fromJson(value)?.eventId))

check(
  'acknowledged',
  'A batch has been sent when the last acknowledgement is there',
  async ({ play, topic, wire }) => {
    // Whoever does not wait for the answers is done before they can have come.
    wire.fault({ api: 'Produce', delayMs: 100, times: 20 })
    const playing = play.produce({ events: events(10), size: 4 })
    const atTheEnd = playing.paused('resolved').then(async (pause) => {
      const answered = wire.produced().filter((record) => record.offset !== null).length
      await expect.poll(() => wire.produced().length, { message: 'records sent', timeout: 2_000 }).toBe(10)
      pause.go()
      return answered
    })
    atTheEnd.catch(() => playing.kill())
    await Promise.allSettled([atTheEnd, playing])

    mistake(
      'acks-0',
      wire.produced().some(({ acks }) => acks === 0),
      'With acks=0 the broker never answers: a report about it is a guess.',
    )
    mistake(
      'not-awaited',
      (await atTheEnd) < 10,
      'The report was there before the answers: what it says about events that were still on their way, nobody has told it.',
    )
    await playing
    const stored = (await topic.records()).map(({ key, value }) => ({ key, event: fromJson(value) }))
    expect(stored.length, 'records in the topic').toBe(10)
    for (const event of events(10)) expect(stored).toContainEqual({ key: event.orderId, event })
  },
)

check(
  'few-requests',
  'kafkajs joins nothing by itself: one send is one request to each leader, with a batch for each partition',
  { after: 'acknowledged' },
  async ({ play, wire }) => {
    await play.produce({ events: events(10), size: 4 })
    mistake(
      'send-per-event',
      requestsToOneBroker(wire.produced()) === 10,
      'Each event travelled alone: ten thousand of them are ten thousand requests, each with its own way there and back.',
    )
    mistake(
      'size-ignored',
      largestRequest(wire.produced()) === 10,
      'All events went into one request, whatever the size: with enough of them, a batch is larger than the broker takes, and then none of its records is stored.',
    )
    expect(largestRequest(wire.produced()), 'records in the largest request').toBeLessThanOrEqual(4)
    expect(requestsToOneBroker(wire.produced()), 'requests for ten events').toBeLessThanOrEqual(3)
  },
)

check(
  'order',
  'The events of one order keep their order as long as one send waits for the one before it',
  { after: 'few-requests' },
  async ({ play, topic }) => {
    const mixed = events(30, ['ORD-001', 'ORD-001', 'ORD-002'])
    await play.produce({ events: mixed, size: 4 })
    const records = await topic.records()
    const stored = (key: string) => ids(records.filter((record) => record.key === key))
    const wanted = (key: string) => mixed.flatMap((event) => (event.orderId === key ? [event.eventId] : []))
    mistake(
      'all-at-once',
      stored('ORD-001').length === 20 && `${stored('ORD-001')}` !== `${wanted('ORD-001')}`,
      'Several sends were on their way at once, and the last ones overtook each other, without any error: a later event of an order now stands before an earlier one.',
    )
    for (const key of ['ORD-001', 'ORD-002']) expect(stored(key), key).toEqual(wanted(key))
  },
)

check(
  'counts',
  'A broker answers for each partition of a request, not for each record',
  { after: 'few-requests' },
  async ({ play, wire }) => {
    const report = await play.produce({ events: events(150) })
    const answers = batchesOf(wire.produced()).length
    mistake(
      'answer-per-event',
      report?.sent === answers,
      'The answers were counted, as if there were one for each record: a hundred and fifty events are stored, and the report knows of a few.',
    )
    expect(report).toMatchObject({ sent: 150, failed: [], partitions: expect.any(Array) })
    expect(largestRequest(wire.produced()), 'records in the largest request').toBeLessThanOrEqual(100)
    expect(requestsToOneBroker(wire.produced()), 'requests for 150 events').toBeLessThanOrEqual(2)
  },
)

check(
  'rows',
  'A partition gets one batch with each send that has something for it',
  { after: 'counts' },
  async ({ play, wire }) => {
    const report = await play.produce({ events: events(10), size: 4 })
    const batches = batchesOf(wire.produced())
    const rows = report?.partitions ?? []
    mistake(
      'row-per-answer',
      rows.length === batches.length && rows.length > 3,
      'Each answer got a row of its own, so a partition turns up several times: whoever looks for one finds the first row, and misses the rest.',
    )
    const counts = [0, 1, 2].map((one) => batches.filter(({ partition }) => partition === one).length)
    const shown = rows.map((row) => `partition ${row?.partition}: ${row?.batches} batches`).toSorted()
    expect(shown).toEqual(counts.map((count, partition) => `partition ${partition}: ${count} batches`))
  },
)

check(
  'first-offset',
  'An answer names the offset at which its batch begins; where it ends, it does not say',
  { after: 'rows' },
  async ({ play, topic, wire }) => {
    await topic.append(Array.from({ length: 9 }, () => ({ partition: 1, value: 'written earlier' })))
    const keys = [1, 2, 4, 1, 1, 1, 1, 2, 4].map((number) => `ORD-00${number}`)
    const report = await play.produce({ events: events(9, keys), size: 3 })
    const offsets = (wanted: number) =>
      batchesOf(wire.produced()).flatMap(({ partition, offset }) => (partition === wanted ? [offset] : []))
    const told = (wanted: number) => report?.partitions.find((row) => row?.partition === wanted)?.firstOffset
    const first = lowest(offsets(1))
    mistake(
      'last-batch-offset',
      told(1) === offsets(1).at(-1) && told(1) !== first,
      'The answers of later sends have overwritten the first one: whoever reads from there on misses what came before.',
    )
    mistake(
      'text-order',
      told(1) === offsets(1).toSorted()[0] && told(1) !== first,
      'Offsets were compared as text, and as text "10" comes before "9": the record at 9 is missed.',
    )
    expect([told(0), told(1), told(2)], 'first offsets').toEqual([0, 1, 2].map((one) => lowest(offsets(one))))
  },
)

check(
  'bad-events',
  'kafkajs encodes all messages of a send or none: what cannot become a record has to be found before',
  { after: 'counts' },
  async ({ play, topic }) => {
    const ring: Record<string, unknown> = { orderId: 'ORD-001' }
    ring.ring = ring
    const bad = [null, 'not an event', { type: 'OrderPlaced' }, ring, { orderId: 'ORD-002', copies: 10n }]
    const good = events(6)
    const mixed = [0, 1, 2, 3, 4, 5].flatMap((at) => [good[at], ...bad.slice(at, at + 1)])
    const { threw, returned: report } = await play.produce({ events: mixed, size: 5 }).outcome()
    const records = await topic.records()
    mistake(
      'made-up-key',
      records.some(({ key }) => key === 'undefined' || key === 'null'),
      'An event without an orderId got the text "undefined" for a key: what has no order now shares one, and crowds into one partition.',
    )
    mistake(
      'bad-event-loses-batch',
      threw !== undefined || records.length < good.length,
      'One event that cannot become a record took good ones with it: they were never sent.',
    )
    mistake(
      'bad-event-dropped',
      report?.failed.length === 0,
      'The events that could not be sent are in no list: nobody will ever look for them.',
    )
    expect(ids(records).toSorted()).toEqual(good.map(({ eventId }) => eventId))
    expect(report?.sent, 'sent').toBe(6)
    const failed = report?.failed ?? []
    expect(failed.length, 'failed').toBe(bad.length)
    expect(bad.filter((event) => !failed.some((one) => isDeepStrictEqual(one?.event, event)))).toEqual([])
    expect(failed.filter((one) => typeof one?.reason !== 'string' || one.reason === '')).toEqual([])
  },
)

check(
  'refused',
  "A send is no transaction: the broker may store one partition's batch and refuse another's",
  { after: 'bad-events' },
  async ({ play, topic, wire, random }) => {
    const list = events(6, ['ORD-001', 'ORD-001', 'ORD-002', 'ORD-001', 'ORD-004', 'ORD-004'])
    const large = list[2] as BookEvent
    // A broker takes batches of up to a megabyte, unless it was told otherwise. Random bytes, so that nothing packs them.
    large.data.scan = random.bytes(1_500_000).toString('base64')
    const { threw, returned: report } = await play.produce({ events: list, size: 2 }).outcome()
    const stored = ids(await topic.records())
    mistake(
      'refusal-loses-report',
      threw !== undefined,
      'One send was refused, and the caller got an error in place of the report: what the other sends have stored, nobody knows any more.',
    )
    mistake(
      'gives-up',
      !stored.includes('EVT-4') && !stored.includes('EVT-5'),
      'After a send that was refused, no other was tried: events of other orders were held back for a reason that is not theirs.',
    )
    mistake(
      'sent-again',
      new Set(stored).size < stored.length,
      'An event is in the topic twice: its batch had been stored when another batch of the same send was refused, and then it was sent once more.',
    )
    mistake(
      'counted-unseen',
      report?.sent === 6,
      'The broker refused a batch, and the report counts its events as sent: it counts what was handed over, and not what came back.',
    )
    const failed = (report?.failed ?? []).map((one) => (one?.event as BookEvent | null)?.eventId)
    expect(failed, 'failed').toContain(large.eventId)
    const refused = wire.produced().filter(({ error }) => error !== null)
    const sentWithIt = wire
      .produced()
      .filter((one) => refused.some(({ exchange }) => exchange === one.exchange))
    const unsure = sentWithIt.map(({ value }) => String(fromJson(String(value))?.eventId))
    expect(unsure, 'the events of the send that failed').toEqual(expect.arrayContaining(failed))
    expect(report?.sent, 'sent').toBe(6 - failed.length)
    expect(requestsToOneBroker(wire.produced()), 'requests for six events').toBeLessThanOrEqual(3)
  },
)

check(
  'nobody-asked',
  'No answer from a broker is no acknowledgement',
  { after: 'refused' },
  async ({ play }) => {
    const report = await play.nobodyAsked({ events: events(5), size: 2 })
    mistake(
      'empty-answer',
      report?.sent === 5,
      'kafkajs resolved with empty lists: no broker was asked to store these events, and they were counted as sent.',
    )
    expect(report?.sent, 'sent').toBe(0)
    expect(report.failed.length, 'failed').toBe(5)
  },
)

check(
  'nothing-to-send',
  'Nothing to send is no request, and no error',
  { after: 'bad-events' },
  async ({ play, wire }) => {
    const report = await play.produce({ events: [] })
    expect(report).toMatchObject({ sent: 0, failed: [], partitions: [] })
    expect(wire.requests('Produce').length, 'requests').toBe(0)
  },
)

type Sent = { exchange: { number: number; connection: number }; partition: number; offset: bigint | null }

/** Each broker has a connection of its own: the most requests that went over one. */
function requestsToOneBroker(sent: Sent[]): number {
  return mostEqual([...new Map(sent.map(({ exchange }) => [exchange.number, exchange.connection])).values()])
}

/** The number of records in the largest request. */
function largestRequest(sent: Sent[]): number {
  return mostEqual(sent.map(({ exchange }) => exchange.number))
}

function mostEqual(values: number[]): number {
  return Math.max(0, ...values.map((one) => values.filter((other) => other === one).length))
}

/** As numbers, and not as text. */
function lowest(offsets: string[]): string | undefined {
  return offsets.toSorted((a, b) => Number(BigInt(a) - BigInt(b)))[0]
}

/** Every batch that was sent, with the offset of its first record. */
function batchesOf(sent: Sent[]): { partition: number; offset: string }[] {
  const starts = sent.filter(
    ({ exchange, partition }, index) =>
      sent.findIndex((one) => one.exchange === exchange && one.partition === partition) === index,
  )
  return starts.map(({ partition, offset }) => ({ partition, offset: String(offset) }))
}

/** The event behind a JSON text, or undefined when it is none. */
function fromJson(text: string | null): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
