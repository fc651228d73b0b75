import { expect, test } from 'vitest'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { producedPartitions, producedRecords } from '../../../kafka/wiretap/produced.ts'
import { exchangeOf, produceOf } from './exchange.ts'

test('records come in order, each with its place and offset', () => {
  const exchange = produceOf(
    [{ key: 'a', value: 'one', headers: [['h', Buffer.from('v')]] }, { value: null }],
    0,
    {
      compression: 'gzip',
      transactional: true,
    },
  )
  const place = { exchange, topic: 'orders', partition: 2, acks: -1, timestamp: 1_000, error: null }
  const producer = { producerId: -1n, transactional: true }
  expect(producedRecords([exchangeOf(Heartbeat, {}, {}), exchange])).toEqual([
    {
      ...place,
      ...producer,
      key: Buffer.from('a'),
      value: Buffer.from('one'),
      headers: [['h', Buffer.from('v')]],
      offset: 40n,
    },
    { ...place, ...producer, key: null, value: null, headers: [], offset: 41n },
  ])
})

test.each([
  ['refused', 6, {}, { error: 'NOT_LEADER_OR_FOLLOWER', offset: null }],
  ['not answered', null, {}, { error: null, offset: null }],
  ['sent with acks 0', null, { acks: 0 }, { acks: 0, error: null, offset: null }],
])('a record that was %s has no offset', (_name, code, options, expected) => {
  expect(producedRecords([produceOf([{ value: 'x' }], code, options)])).toMatchObject([expected])
})

test('records that cannot be read are left out, and the others stay', () => {
  const good = produceOf([{ value: 'x' }])
  const [data] = (good.request as { topicData: { name: string; partitionData: object[] }[] }).topicData
  const broken = { index: 3, records: Buffer.alloc(80) }
  const partitionData = [broken, ...(data?.partitionData ?? [])] as { index: number; records: Buffer }[]
  const both = exchangeOf(Produce, { topicData: [{ name: 'orders', partitionData }] }, null)
  expect(producedRecords([both])).toHaveLength(1)
  expect(producedPartitions(both)[0]).toMatchObject({ partition: 3, records: [], unread: 'batch of 0 bytes' })
})

test('a request that the wiretap could not read has no records', () => {
  expect(producedRecords([{ ...produceOf([{ value: 'x' }]), request: null }])).toEqual([])
})
