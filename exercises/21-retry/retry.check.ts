import './retry.attempts.ts'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, events, openShop } from './retry.shop.ts'

check(
  'hopeless',
  'Some failures are final the first time: to try these again only makes others wait',
  { after: 'refused' },
  async (tools) => {
    const fails = { '0:0': { error: 'retriable: false' }, '0:1': { error: 'TypeError' } } as const
    const shift = await openShop(tools, events(3), { fails })
    await shift.done()
    mistake(
      'retries-the-hopeless',
      shift.count('0:0') > 1,
      'The handler said "retriable: false", and was called again with the same event. All that was won is a pause for everything behind it.',
    )
    mistake(
      'retries-bugs',
      shift.count('0:1') > 1,
      'A TypeError is a mistake in the program, and the program is the same at the next attempt.',
    )
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:1', '0:2'])
    expect((await shift.letters()).length, 'dead letters').toBe(2)
  },
)

check(
  'unreadable',
  'Kafka stores any bytes, and none at all: what cannot be read is set aside before kafkajs takes it for a bug and stops',
  { after: 'hopeless' },
  async (tools) => {
    const [first, last] = events(2)
    const records = [first, { value: 'order 1042, two books' }, { value: null }, last]
    const shift = await openShop(
      tools,
      records.map((record) => ({ value: null, ...record })),
      {},
    )
    await shift.done()
    mistake(
      'stops-on-unreadable',
      shift.isDown(),
      'A value was not JSON. The SyntaxError left eachMessage, kafkajs took it for a bug and stopped the consumer for good, and every restart by hand ends at the same record.',
    )
    await shift.ends()
    const stored = await shift.letters()
    mistake(
      'skips-unreadable',
      stored.length === 0,
      'What could not be read was skipped. There may be an order in it, and nobody will ever look.',
    )
    mistake(
      'null-is-an-event',
      shift.handedOut.includes('0:2'),
      'A record without a value was handed to the handler: text that is made of nothing reads "null", and that is JSON.',
    )
    expect(shift.handedOut).toEqual(['0:0', '0:3'])
    expect(stored.map(({ value }) => value)).toEqual(['order 1042, two books', null])
  },
)

check(
  'as-it-was',
  'A dead letter is evidence: the same bytes, and the same headers, as the record had',
  { after: 'unreadable' },
  async (tools) => {
    const text = `{ "orderId": "${tools.random.orderId()}",\n  "total": 12345678901234567890.10 }`
    const key = Buffer.concat([Buffer.from([0xff, 0]), tools.random.bytes(8)])
    const headers = { trace: ['T-1', 'T-2'], origin: 'till 4' }
    const records = [
      { key, value: Buffer.from(text), headers },
      { key: null, value: Buffer.concat([Buffer.from([0xfe]), tools.random.bytes(20)]), headers: {} },
    ]
    const shift = await openShop(tools, [], { records, fails: { '0:0': {} } })
    await shift.done()
    await shift.ends()
    const [failed, unreadable] = await shift.letters()
    mistake(
      'value-re-encoded',
      failed?.value !== text && isDeepStrictEqual(fromJson(failed?.value), fromJson(text)),
      'The value was read and written again. It means nearly the same, and is not what came: long numbers are rounded, and whoever looks for the fault in the bytes looks at those of your program.',
    )
    mistake(
      'null-key-as-text',
      unreadable?.key === 'null',
      'A record without a key has become one with the key "null".',
    )
    mistake(
      'bytes-as-text',
      failed?.keyBytes?.equals(Buffer.from(key.toString())) ?? false,
      'Key or value went through text, and bytes that are no UTF-8 are something else now. A key need not be text, and neither need be a value that could not be read.',
    )
    mistake(
      'headers-dropped',
      failed?.headers.origin === undefined,
      'The headers that the record came with are gone, and with them its trace through the services.',
    )
    expect(failed?.keyBytes).toEqual(key)
    expect(failed?.valueBytes).toEqual(records[0]?.value)
    expect([unreadable?.keyBytes, unreadable?.valueBytes]).toEqual([null, records[1]?.value])
    expect(failed?.headers).toMatchObject({ trace: 'T-2', origin: 'till 4' })
  },
)

check(
  'fewer-partitions',
  'What kafkajs sends to a partition that does not exist is stored nowhere, and no error says so',
  { after: 'refused' },
  async (tools) => {
    const shift = await openShop(tools, events(1, 2), { fails: { '2:0': {} } })
    await shift.done()
    await shift.outcome()
    const stored = await shift.letters()
    mistake(
      'same-partition-number',
      stored.length === 0,
      'The record came from partition 2, the dead-letter topic has one partition only, and the dead letter lies nowhere: send() resolved with an empty list, without an error.',
    )
    expect(stored.length, 'dead letters').toBe(1)
  },
)

check(
  'says-why',
  'A dead letter says where it comes from and what was wrong, so that somebody can mend it and send it again',
  { after: ['as-it-was', 'fewer-partitions'] },
  async (tools) => {
    const records = [...events(3, 2), { partition: 2, value: '?' }]
    const fails = { '2:1': {}, '2:2': { error: 'text' } } as const
    const shift = await openShop(tools, records, { fails })
    await shift.done()
    mistake(
      'errors-have-messages',
      shift.isDown() && shift.count('2:2') > 0,
      'The handler threw a plain text, which has neither name nor message. The error handling of the service was what stopped it.',
    )
    await shift.ends()
    const from = { 'original-topic': tools.topic.name, 'original-partition': '2' }
    const why = { 'error-message': 'no such book', attempts: '3' }
    const [failed, threwText, unreadable] = (await shift.letters()).map(({ headers }) => headers)
    expect(failed).toMatchObject({ ...from, 'original-offset': '1', ...why, 'error-name': 'Error' })
    expect(threwText).toMatchObject({ ...from, 'original-offset': '2', ...why })
    expect(unreadable).toMatchObject({ ...from, 'original-offset': '3', attempts: '0' })
    expect(Object.keys(unreadable ?? {})).toEqual(expect.arrayContaining(['error-name', 'error-message']))
  },
)

check(
  'headers-it-brings',
  'A header may be null in Kafka, and a dead letter that was sent again brings the headers of its first time',
  { after: 'says-why' },
  async (tools) => {
    const old = { 'original-topic': 'orders-of-may', 'original-offset': '1042', 'error-message': 'sold out' }
    const bringing: Record<string, string | null>[] = [
      { shop: 'north', coupon: null },
      { ...old, 'error-name': 'Old', attempts: '9' },
    ]
    const records = events(2).map((record, index) => ({ ...record, headers: bringing[index] ?? {} }))
    const shift = await openShop(tools, records, { fails: { '0:0': {}, '0:1': {} } })
    await shift.done()
    const stored = await shift.letters()
    mistake(
      'null-header',
      !stored.some(({ value }) => value === records[0]?.value),
      'The record had a header that is null, and it never got into the dead-letter topic: kafkajs can read such a header, and throws a TypeError when it has to write one. The way out for poison was poisoned itself.',
    )
    await shift.ends()
    const again = stored.find(({ value }) => value === records[1]?.value)
    mistake(
      'old-origin-kept',
      again?.headerList.some(([, text]) => String(text) === old['original-topic']) === true,
      'The record had been a dead letter before, and the new one still says where it lay that time. Whoever looks for it there finds another record.',
    )
    expect(stored[0]?.headers.shop, 'a header of the record').toBe('north')
    const from = { 'original-topic': tools.topic.name, 'original-partition': '0', 'original-offset': '1' }
    const why = { 'error-name': 'Error', 'error-message': 'no such book', attempts: '3' }
    expect(again?.headers).toMatchObject({ ...from, ...why })
  },
)

function fromJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
