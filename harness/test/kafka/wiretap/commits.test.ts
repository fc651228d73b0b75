import { expect, test } from 'vitest'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { committedPartitions } from '../../../kafka/wiretap/commits.ts'
import { exchangeOf } from './exchange.ts'

const partition = { committedLeaderEpoch: -1, committedMetadata: null }
const request = {
  groupId: 'g',
  topics: [
    {
      name: 'orders',
      partitions: [
        { ...partition, partitionIndex: 0, committedOffset: 4n },
        { ...partition, partitionIndex: 1, committedOffset: 7n },
      ],
    },
  ],
}

test('each partition of a commit has the answer that belongs to it', () => {
  const codes = [
    { partitionIndex: 1, errorCode: 25 },
    { partitionIndex: 0, errorCode: 0 },
  ]
  const exchange = exchangeOf(OffsetCommit, request, { topics: [{ name: 'orders', partitions: codes }] })
  const shared = { exchange, group: 'g', topic: 'orders', answered: true }
  expect(committedPartitions([exchangeOf(Heartbeat, {}, {}), exchange])).toEqual([
    { ...shared, partition: 0, offset: 4n, error: null },
    { ...shared, partition: 1, offset: 7n, error: 'UNKNOWN_MEMBER_ID' },
  ])
})

test('commits of a transaction count, and one that was never answered says so', () => {
  const exchange = exchangeOf(TxnOffsetCommit, request, null)
  expect(committedPartitions([exchange])).toMatchObject([
    { offset: 4n, answered: false, error: null },
    { offset: 7n, answered: false, error: null },
  ])
})
