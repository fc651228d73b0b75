import { expect, test } from 'vitest'
import { writeMarker } from '../../../kafka/protocol/control-batch.ts'
import { placeBatch, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { countFetched } from '../../../kafka/wiretap/fetched.ts'

/** A batch of two records of a producer, or of none. */
function batchAt(baseOffset: bigint, producerId = -1n): Buffer {
  const record = { timestamp: 1n, key: null, value: null, headers: [] }
  const transactional = producerId >= 0n
  return writeBatch({ baseOffset, records: [record, record], producerId, producerEpoch: 0, transactional })
}

function markerAt(offset: bigint, producerId: bigint, marker: 'abort' | 'commit'): Buffer {
  const batch = writeMarker({ marker, producerId, producerEpoch: 0, coordinatorEpoch: 0, timestamp: 1n })
  placeBatch(batch, offset, 0)
  return batch
}

/** Two producers in turns: 7 aborts its first transaction and commits its second, 8 aborts. */
const log = [
  batchAt(0n, 7n),
  batchAt(2n, 8n),
  batchAt(4n),
  batchAt(6n, 7n),
  markerAt(8n, 7n, 'abort'),
  batchAt(9n, 7n),
  markerAt(11n, 7n, 'commit'),
  batchAt(12n, 8n),
  markerAt(14n, 8n, 'abort'),
]
const abortedTransactions = [
  { producerId: 7n, firstOffset: 0n },
  { producerId: 8n, firstOffset: 2n },
]

test('records of aborted transactions are counted apart, up to their markers', () => {
  const records = Buffer.concat(log)
  const inOrderOfEnds = { records, abortedTransactions: abortedTransactions.toReversed() }
  expect(countFetched({ records, abortedTransactions }, 0n)).toEqual({ records: 12, aborted: 8 })
  expect(countFetched(inOrderOfEnds, 0n)).toEqual({ records: 12, aborted: 8 })
})

test('a transaction may have begun before what came, and a batch before what was asked for', () => {
  const records = Buffer.concat(log.slice(3))
  expect(countFetched({ records, abortedTransactions }, 7n)).toEqual({ records: 5, aborted: 3 })
})

test('a client that reads uncommitted records drops none', () => {
  const records = Buffer.concat(log)
  expect(countFetched({ records, abortedTransactions: null }, 0n)).toEqual({ records: 12, aborted: 0 })
})
