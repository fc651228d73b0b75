import { afterEach, expect, test } from 'vitest'
import { endOffsets, readLog } from '../../check/topic-log.ts'
import { BrokerError, type Client, connect } from '../../kafka/client/client.ts'
import { Fetch } from '../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../kafka/protocol/api/03-metadata.ts'
import type { RequestOf } from '../../kafka/protocol/api.ts'
import { writeMarker } from '../../kafka/protocol/control-batch.ts'
import { placeBatch, writeBatch } from '../../kafka/protocol/record-batch.ts'
import { fakeBroker } from '../kafka/fake-broker.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

type Asked = RequestOf<typeof Fetch>['topics'][number]['partitions'][number]

/** A broker with one partition, from offset 0 to `end`, that answers every fetch by a function of the offset asked for. */
async function logOf(
  end: bigint,
  fetch: (asked: Asked) => { records?: Buffer; errorCode?: number },
): Promise<Client> {
  const fake = await fakeBroker((api, request) => {
    if (api?.key === Metadata.key) {
      return {
        ...Metadata.response.absent,
        brokers: [{ nodeId: 1, host: 'kafka.invalid', port: 1, rack: null }],
      }
    }
    if (api?.key === ListOffsets.key) {
      const [topic] = (request as RequestOf<typeof ListOffsets>).topics
      const offset = topic?.partitions[0]?.timestamp === -1n ? end : 0n
      const partition = { partitionIndex: 0, errorCode: 0, timestamp: -1n, offset, leaderEpoch: 0 }
      return { throttleTimeMs: 0, topics: [{ name: 'orders', partitions: [partition] }] }
    }
    const asked = (request as RequestOf<typeof Fetch> | null)?.topics?.[0]?.partitions?.[0]
    if (api?.key !== Fetch.key || !asked) return null
    const { records = Buffer.alloc(0), errorCode = 0 } = fetch(asked)
    const offsets = { highWatermark: end, lastStableOffset: end, logStartOffset: 0n }
    const rest = { abortedTransactions: null, preferredReadReplica: -1, records }
    const partitions = [{ partitionIndex: 0, errorCode, ...offsets, ...rest }]
    return { ...Fetch.response.absent, responses: [{ topic: 'orders', partitions }] }
  })
  open.push(fake)
  const client = await connect(fake.bootstrap, { timeoutMs: 5_000 })
  open.push(client)
  return client
}

const places = [{ partition: 0, leaderId: 1 }]

function batch(baseOffset: bigint, values: string[], transactional = false): Buffer {
  const records = values.map((value) => ({
    timestamp: 1n,
    key: null,
    value: Buffer.from(value),
    headers: [],
  }))
  return writeBatch({ baseOffset, transactional, records })
}

function marker(baseOffset: bigint): Buffer {
  const bytes = writeMarker({
    marker: 'abort',
    producerId: 1n,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestamp: 1n,
  })
  placeBatch(bytes, baseOffset, 0)
  return bytes
}

async function read(client: Client): Promise<[offset: string, value: string | null][]> {
  return (await readLog(client, 'orders', places)).map(({ offset, value }) => [offset, value])
}

test('records of transactions are stored like any other; their markers take an offset and are no records', async () => {
  const log = [batch(0n, ['aborted'], true), marker(1n), batch(2n, ['open'], true)]
  const client = await logOf(3n, () => ({ records: Buffer.concat(log) }))
  expect(await read(client)).toEqual([
    ['0', 'aborted'],
    ['2', 'open'],
  ])
  expect(await endOffsets(client, 'orders', places)).toEqual(new Map([[0, 3n]]))
})

test('a batch that comes again because it began before is not counted twice', async () => {
  const first = batch(0n, ['a', 'b', 'c'])
  const second = batch(3n, ['d'])
  const client = await logOf(4n, ({ fetchOffset }) => ({
    records:
      fetchOffset === 0n ? Buffer.concat([first, second.subarray(0, 40)]) : Buffer.concat([first, second]),
  }))
  expect(await read(client)).toEqual([
    ['0', 'a'],
    ['1', 'b'],
    ['2', 'c'],
    ['3', 'd'],
  ])
})

test('a compacted log has gaps, and a record that came later than the end is not there yet', async () => {
  const client = await logOf(6n, () => ({
    records: Buffer.concat([batch(2n, ['kept']), batch(5n, ['last', 'later'])]),
  }))
  expect(await read(client)).toEqual([
    ['2', 'kept'],
    ['5', 'last'],
  ])
})

test('a fetch that brings nothing is asked again', async () => {
  let fetches = 0
  const client = await logOf(1n, () => {
    fetches += 1
    return fetches < 3 ? {} : { records: batch(0n, ['slow']) }
  })
  expect(await read(client)).toEqual([['0', 'slow']])
})

test('a log that ends before its end is an error of the broker', async () => {
  const reading = read(await logOf(5n, () => ({})))
  await expect(reading).rejects.toThrow(BrokerError)
  await expect(reading).rejects.toThrow('Topic orders ends before its high watermark')
})

test('an error of a partition has its name', async () => {
  const reading = read(await logOf(5n, () => ({ errorCode: 6 })))
  await expect(reading).rejects.toMatchObject({ code: 'NOT_LEADER_OR_FOLLOWER' })
})
