import { expect } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './produce-event.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)
const event = order('ORD-1042', {
  userId: 'USR-7',
  data: { isbn: '978-0-13-468599-1', qty: 2, note: 'für Zoë' },
})

check(
  'stored',
  'A record is sent when the broker has stored it and has said so',
  { about: 'produceEvent' },
  async ({ play, topic, wire }) => {
    // Whoever does not wait for the answer is done before it can have come.
    wire.fault({ api: 'Produce', delayMs: 150 })
    const playing = play.oneOrder({ event })
    const answeredByThen = playing.paused('resolved').then(async (pause) => {
      const answered = wire.produced().some((record) => record.offset !== null)
      await expect.poll(() => wire.produced().length, { message: 'records sent', timeout: 2_000 }).toBe(1)
      pause.go()
      return answered
    })
    answeredByThen.catch(() => playing.kill())
    await Promise.allSettled([answeredByThen, playing])

    const acks = wire.produced().map((record) => record.acks)
    mistake(
      'acks-0',
      acks.includes(0),
      'With acks=0 the broker never answers: nobody knows whether it stored the record, nor where.',
    )
    mistake(
      'not-awaited',
      !(await answeredByThen),
      'The caller was told "stored" while the record was still on its way: if it gets lost now, nobody will notice.',
    )
    await playing
    expect(await topic.records(), 'records in the topic').toHaveLength(1)
  },
)

check(
  'acks-all',
  'acks=all makes the leader wait for every in-sync replica',
  { after: 'stored', about: 'produceEvent' },
  async ({ play, wire }) => {
    await play.oneOrder({ event })
    const [sent] = wire.produced()
    mistake(
      'acks-1',
      sent?.acks === 1,
      'With acks=1 the leader answers alone: if it dies before a follower has copied the record, an acknowledged record is gone.',
    )
    expect(sent?.acks).toBe(-1)
  },
)

check(
  'key-is-order-id',
  'Events of one order share a partition because they share a key',
  { after: 'stored' },
  async ({ play, topic }) => {
    await play.oneOrder({ event })
    const [record] = await topic.records()
    mistake(
      'null-key',
      record?.key === null,
      'A record without a key may go to any partition: one order gets scattered, and its events lose their order.',
    )
    mistake(
      'key-is-user',
      record?.key === 'USR-7',
      'The key is the user: all orders of one user queue behind each other, and an order has no key of its own.',
    )
    mistake(
      'key-in-quotes',
      record?.key === '"ORD-1042"',
      'A key is bytes, and the quotes of JSON are bytes too: to a service that writes the plain id, this is another key.',
    )
    expect(record?.key).toBe('ORD-1042')
  },
)

check(
  'partition-by-key',
  'The key alone picks the partition, so that every producer with the same hash picks the same one',
  { after: 'key-is-order-id' },
  async ({ play, topic }) => {
    await play.oneOrder({ event })
    const [record] = await topic.records()
    mistake(
      'partition-by-hand',
      record?.partition === 0,
      'The producer named a partition itself, and the key had no say: all orders pile up there, and another producer puts the same order elsewhere.',
    )
    expect(record?.partition, 'partition of ORD-1042, one of three, by murmur2').toBe(2)
  },
)

check(
  'value-is-json',
  'A value is bytes: a reader gets back the whole event, or only what the writer put in',
  { after: 'stored' },
  async ({ play, topic }) => {
    await play.oneOrder({ event })
    const [record] = await topic.records()
    const value = fromJson(record?.value)
    mistake(
      'object-as-text',
      record?.value === '[object Object]',
      'Kafka stores bytes and never looks inside: text made from an object without JSON keeps nothing of it.',
    )
    mistake(
      'data-only',
      sameKeys(value, event.data),
      'The value holds the details without the event: a reader cannot tell what happened, to which order, or when.',
    )
    mistake(
      'json-in-json',
      typeof value === 'string' && sameKeys(fromJson(value), event),
      'The value is JSON inside a JSON text: readers that parse it once get a string instead of an event.',
    )
    expect(value).toEqual(event)
  },
)

check(
  'headers',
  'Headers let a reader choose records without parsing their values',
  { after: 'stored' },
  async ({ play, topic }) => {
    await play.oneOrder({ event })
    const [record] = await topic.records()
    mistake(
      'no-headers',
      record?.headerList.length === 0,
      'Without headers every router, filter and dead-letter tool must parse each value to learn what it is about.',
    )
    expect(record?.headers).toMatchObject({
      'event-type': 'OrderPlaced',
      'event-id': 'EVT-ORD-1042-OrderPlaced',
    })
  },
)

check(
  'timestamp',
  "A record's timestamp says when the event occurred, in milliseconds since 1970",
  { after: 'stored' },
  async ({ play, topic }) => {
    await play.oneOrder({ event })
    const [record] = await topic.records()
    const timestamp = record?.timestamp ?? Number.NaN
    mistake(
      'time-of-sending',
      Math.abs(timestamp - Date.now()) < 600_000,
      'This timestamp is the moment of the send: after an outage or a replay, yesterday looks like today.',
    )
    mistake(
      'seconds',
      Math.abs(timestamp - 1_773_480_413) < 2,
      'Kafka counts milliseconds: read as such, this number of seconds is a day in January 1970, and retention by time works with it.',
    )
    expect(timestamp).toBe(1_773_480_413_589)
  },
)

check(
  'delivery',
  'Topic, partition and offset name one record for ever',
  { after: 'stored', about: 'produceEvent' },
  async ({ play, topic }) => {
    const earlier = [0, 0, 1, 1, 1, 2, 2, 2, 2].map((partition) => ({ partition, value: 'written earlier' }))
    await topic.append(earlier)
    const delivery = await play.oneOrder({ event })
    const record = (await topic.records()).find((stored) => stored.value !== 'written earlier')
    mistake(
      'offset-as-number',
      typeof delivery?.offset === 'number',
      'An offset is a 64-bit integer: a number in JavaScript is exact only up to 2^53, so past that two records share one.',
    )
    mistake(
      'offset-missing',
      delivery?.partition === record?.partition && delivery?.offset === undefined,
      'The receipt has no offset: one answer counts for a whole batch of records, and the field for one record is empty.',
    )
    mistake(
      'next-offset',
      delivery?.offset === `${Number(record?.offset) + 1}`,
      'This is the offset of the next record to come: whoever reads there does not find this event.',
    )
    const { partition, offset } = record ?? {}
    expect(delivery, 'the receipt').toMatchObject({ topic: topic.name, partition, offset })
  },
)

check(
  'refused',
  'A send that the broker refuses is an error of the caller, not a line in a log',
  { after: 'stored', about: 'produceEvent' },
  async ({ play, topic, wire }) => {
    wire.fault({ api: 'Produce', times: 20, error: 'NOT_ENOUGH_REPLICAS' })
    const outcome = await play.oneOrder({ event }).outcome()
    mistake(
      'caught-and-logged',
      outcome.threw === undefined,
      'The broker refused the record, and the caller was told nothing: the event is lost in silence.',
    )
    expect(await topic.records()).toEqual([])
  },
)

check(
  'nobody-asked',
  'No answer from a broker is no receipt',
  { after: ['stored', 'refused'], about: 'produceEvent' },
  async ({ play }) => {
    const outcome = await play.nobodyAsked({ event }).outcome()
    mistake(
      'empty-answer',
      outcome.threw === undefined,
      'kafkajs resolved with an empty list: no broker took this record, and the caller got a receipt for it.',
    )
  },
)

check(
  'encode-alone',
  'What a record says does not depend on who sends it',
  { after: ['key-is-order-id', 'value-is-json', 'headers', 'timestamp'] },
  async ({ play, topic }) => {
    await play.encodedOnly({ event })
    await play.oneOrder({ event })
    const [one, other] = (await topic.records()).map(({ key, value, headers, timestamp }) => ({
      key,
      value,
      headers,
      timestamp,
    }))
    expect(one, 'the record of encode() alone, and the record of produceEvent()').toEqual(other)
  },
)

/** The value behind a JSON text, or undefined when it is none. */
function fromJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

function sameKeys(value: unknown, expected: object): boolean {
  return typeof value === 'object' && value !== null && `${Object.keys(value)}` === `${Object.keys(expected)}`
}
