import { expect, test } from 'vitest'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { writeMarker } from '../../../kafka/protocol/control-batch.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import type { Exchange } from '../../../kafka/wiretap/journal.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { exchangeOf, produceOf } from './exchange.ts'

const newTopic = { name: 'orders', numPartitions: 3, replicationFactor: -1, assignments: [], configs: [] }
const made = {
  name: 'orders',
  topicId: '',
  errorMessage: null,
  numPartitions: 3,
  replicationFactor: 1,
  configs: [],
}
const some = [5n, 6n, 7n].map((timestamp) => ({ timestamp, key: null, value: null, headers: [] }))
const marker = {
  marker: 'commit',
  producerId: 1n,
  producerEpoch: 0,
  coordinatorEpoch: 0,
  timestamp: 1n,
} as const

function fetched(
  records: Buffer,
  errorCode = 0,
  abortedTransactions: { producerId: bigint; firstOffset: bigint }[] | null = null,
): Exchange {
  const asked = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: 3n,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
  }
  const got = { partitionIndex: 0, errorCode, highWatermark: 9n, lastStableOffset: 9n, logStartOffset: 0n }
  const rest = { abortedTransactions, preferredReadReplica: -1, records }
  return exchangeOf(
    Fetch,
    { topics: [{ topic: 'orders', topicId: uuid.absent, partitions: [{ ...asked, partitionMaxBytes: 1 }] }] },
    { responses: [{ topic: 'orders', topicId: uuid.absent, partitions: [{ ...got, ...rest }] }] },
  )
}

function metadata(errorCode: number): Exchange {
  const topic = {
    name: 'orders',
    topicId: uuid.absent,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: 0,
  }
  return exchangeOf(Metadata, {}, { topics: [{ ...topic, errorCode }] })
}

function listed(timestamp: bigint): Exchange {
  const asked = { partitionIndex: 1, currentLeaderEpoch: -1, timestamp }
  const got = { partitionIndex: 1, errorCode: 0, timestamp: -1n, offset: 7n, leaderEpoch: 0 }
  return exchangeOf(
    ListOffsets,
    { topics: [{ name: 'orders', partitions: [asked] }] },
    { topics: [{ name: 'orders', partitions: [got] }] },
  )
}

const cases: [name: string, exchange: Exchange, lines: string[]][] = [
  [
    'a record',
    produceOf([{ value: '{"type":"OrderPlaced"}' }]),
    [
      'topic orders  partition 2  acks -1  key null  -> offset 40  timestamp 1970-01-01T00:00:01.000Z  {"type":"OrderPlaced"}',
    ],
  ],
  [
    'records of one request',
    produceOf(
      [
        { key: 'a', value: 'x' },
        { key: 'a', value: null },
      ],
      0,
      { compression: 'gzip' },
    ),
    [
      'topic orders  partition 2  acks -1  key "a"  -> offset 40  timestamp 1970-01-01T00:00:01.000Z  x',
      'topic orders  partition 2  acks -1  key "a"  -> offset 41  timestamp 1970-01-01T00:00:01.000Z  value null',
    ],
  ],
  [
    'headers and a transaction',
    produceOf([{ value: 'x', headers: [['source', null]] }], 0, { transactional: true }),
    [
      'topic orders  partition 2  acks -1  in a transaction  key null  -> offset 40  headers source  timestamp 1970-01-01T00:00:01.000Z  x',
    ],
  ],
  [
    'a refused record',
    produceOf([{ value: 'x' }], 6),
    [
      'topic orders  partition 2  acks -1  key null  -> NOT_LEADER_OR_FOLLOWER  timestamp 1970-01-01T00:00:01.000Z  x',
    ],
  ],
  [
    'no answer',
    produceOf([{ value: 'x' }], null),
    ['topic orders  partition 2  acks -1  key null  -> no answer  timestamp 1970-01-01T00:00:01.000Z  x'],
  ],
  [
    'no answer wanted',
    produceOf([{ value: 'x' }], null, { acks: 0 }),
    ['topic orders  partition 2  acks 0  key null  timestamp 1970-01-01T00:00:01.000Z  x'],
  ],
  [
    'many records',
    produceOf(Array.from({ length: 100 }, (_, index) => ({ value: String(index) }))),
    [
      ...[0, 1, 2, 3, 4].map(
        (index) =>
          `topic orders  partition 2  acks -1  key null  -> offset ${40 + index}  timestamp 1970-01-01T00:00:01.000Z  ${index}`,
      ),
      'topic orders  partition 2  and 95 more records',
    ],
  ],
  [
    'control characters and bytes that are no text',
    produceOf([{ value: 'a\nb\u001b[31m\u202e' }, { value: Buffer.from([0xff, 1, 2]) }]),
    [
      'topic orders  partition 2  acks -1  key null  -> offset 40  timestamp 1970-01-01T00:00:01.000Z  a\\nb\\u001b[31m\\u202e',
      'topic orders  partition 2  acks -1  key null  -> offset 41  timestamp 1970-01-01T00:00:01.000Z  3 bytes 0xff0102',
    ],
  ],
  [
    'records that cannot be read',
    exchangeOf(
      Produce,
      { topicData: [{ name: 'orders', partitionData: [{ index: 0, records: Buffer.alloc(80) }] }] },
      null,
    ),
    ['topic orders  partition 0  batch of 0 bytes'],
  ],
  [
    'a fetch',
    fetched(writeBatch({ baseOffset: 3n, records: some })),
    ['topic orders  partition 0  from offset 3  -> 3 records'],
  ],
  [
    'a batch that began before',
    fetched(writeBatch({ baseOffset: 1n, records: some })),
    ['topic orders  partition 0  from offset 3  -> 1 record'],
  ],
  [
    'a fetch of an aborted transaction',
    fetched(writeBatch({ baseOffset: 3n, records: some, producerId: 1n, transactional: true }), 0, [
      { producerId: 1n, firstOffset: 3n },
    ]),
    ['topic orders  partition 0  from offset 3  -> 3 records  3 of them aborted'],
  ],
  ['a fetch of nothing', fetched(Buffer.alloc(0)), []],
  ['a fetch of a marker', fetched(writeMarker(marker)), []],
  [
    'a fetch out of range',
    fetched(Buffer.alloc(0), 1),
    ['topic orders  partition 0  from offset 3  -> OFFSET_OUT_OF_RANGE'],
  ],
  ['the end', listed(-1n), ['topic orders  partition 1  end  -> offset 7']],
  ['the start', listed(-2n), ['topic orders  partition 1  start  -> offset 7']],
  ['a time', listed(99n), ['topic orders  partition 1  first at or after 99  -> offset 7']],
  [
    'a topic is there already',
    exchangeOf(CreateTopics, { topics: [newTopic] }, { topics: [{ ...made, errorCode: 36 }] }),
    ['topic orders  3 partitions  -> TOPIC_ALREADY_EXISTS'],
  ],
  [
    'a topic is created',
    exchangeOf(
      CreateTopics,
      { topics: [{ ...newTopic, numPartitions: -1 }] },
      { topics: [{ ...made, errorCode: 0 }] },
    ),
    ['topic orders  default number of partitions  -> created'],
  ],
  [
    'a producer id',
    exchangeOf(InitProducerId, { transactionalId: 't' }, { producerId: 5n, producerEpoch: 1 }),
    ['transactional id t  -> producer 5 epoch 1'],
  ],
  [
    'partitions of a transaction',
    exchangeOf(
      AddPartitionsToTxn,
      { v3AndBelowTransactionalId: 't', v3AndBelowTopics: [{ name: 'orders', partitions: [0, 1] }] },
      {},
    ),
    ['transactional id t  orders [0,1]'],
  ],
  [
    'an abort',
    exchangeOf(EndTxn, { transactionalId: 't', committed: false }, {}),
    ['transactional id t  abort'],
  ],
  ['versions', exchangeOf(ApiVersions, {}, {}), []],
  ['metadata', metadata(0), []],
  ['metadata of a missing topic', metadata(3), ['topic orders  -> UNKNOWN_TOPIC_OR_PARTITION']],
  ['an API without words of its own', exchangeOf(DeleteTopics, {}, {}), ['-> answered']],
]

test.each(cases)('%s', (_name, exchange, lines) => {
  expect(strip([exchange]).map(({ text }) => text)).toEqual(lines)
})

const beat = exchangeOf(Heartbeat, { groupId: 'g', memberId: 'm-1' }, {})

test('equal lines in a row become one; quiet requests between them do not count', () => {
  const quiet = exchangeOf(ApiVersions, {}, {})
  const journal = [beat, quiet, beat, beat, produceOf([{ value: 'x' }]), beat]
  expect(strip(journal).map(({ api, text }) => `${api} ${text}`)).toEqual([
    'Heartbeat group g  member m-1  x3',
    expect.stringMatching(/^Produce /),
    'Heartbeat group g  member m-1',
  ])
})

test('a marked exchange stands for itself, also where it has nothing to tell', () => {
  const second = { ...beat, number: 2 }
  const quiet = exchangeOf(ApiVersions, {}, {}, { number: 3 })
  const lines = strip([beat, second, beat, quiet], ({ number }) => number > 1)
  expect(lines.map(({ api, text, marked }) => [api, text, marked])).toEqual([
    ['Heartbeat', 'group g  member m-1', false],
    ['Heartbeat', 'group g  member m-1', true],
    ['Heartbeat', 'group g  member m-1', false],
    ['ApiVersions', '', true],
  ])
})

test('a fault is always shown', () => {
  const lost = exchangeOf(ApiVersions, {}, null, { fault: 'lost on the way to the broker' })
  expect(strip([lost]).map(({ text }) => text)).toEqual(['(fault: lost on the way to the broker)'])
})

test('times count from the first request, and lanes are named only when there are several', () => {
  const later = { ...beat, requestAtMs: 112.4 }
  const first = { ...produceOf([{ value: 'x' }]), requestAtMs: 100 }
  expect(strip([first, later]).map(({ atMs, lane }) => [atMs, lane])).toEqual([
    [0, ''],
    [12, ''],
  ])
  expect(strip([first, { ...later, lane: 'two' }]).map(({ lane }) => lane)).toEqual(['one', 'two'])
})

test('a hostile name cannot spoil the terminal', () => {
  const name = `\u001b[2J${'x'.repeat(5_000)}`
  const [line] = strip([exchangeOf(FindCoordinator, { key: name }, { errorCode: 15 })])
  expect(line?.text).toMatch(/^\\u001b\[2Jx+…x+ {2}-> COORDINATOR_NOT_AVAILABLE$/)
  expect(line?.text.length).toBe(400)
})
