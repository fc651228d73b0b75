import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../kafka/client/client.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { writeMarker } from '../../../kafka/protocol/control-batch.ts'
import { readBatchHeader, splitBatches } from '../../../kafka/protocol/record-batch.ts'
import { fetchFrom } from './requests.ts'
import { type TransactionScene, transactionScene } from './transaction-scene.ts'

/* What readers see of transactions, on the embedded broker unless WORKBOOK_TEST_BROKER names another. */

const LATEST = -1n

let scene: TransactionScene

beforeAll(async () => {
  scene = await transactionScene()
})

afterAll(() => scene.close())

async function open(topic: string) {
  const producer = await scene.init()
  await scene.add(producer, { [topic]: [0] })
  const { error } = await scene.send(topic, producer, 0)
  expect(error).toBe('NONE')
  return producer
}

describe('the last stable offset', () => {
  it('is where the oldest open transaction begins; a plain record behind it waits, too', async () => {
    const topic = await scene.topicWith()
    const plain = { transactionalId: '', producerId: -1n, producerEpoch: -1 }
    const first = await open(topic)
    const second = await open(topic)
    await scene.send(topic, plain, -1, { transactional: false, transactionalId: null })
    expect(await scene.read(topic)).toMatchObject({ highWatermark: 3n, lastStableOffset: 0n, entries: [] })
    const all = await scene.read(topic, { isolation: 'uncommitted' })
    expect(all).toMatchObject({ lastStableOffset: 0n, entries: ['0', '1', '2'], aborted: null })

    await scene.end(first, 'commit')
    await expect.poll(() => scene.listOffset(topic, LATEST, 1)).toBe(1n)
    expect((await scene.read(topic)).entries).toEqual(['0'])
    await scene.end(second, 'commit')
    await scene.settled(topic)
    expect((await scene.read(topic)).entries).toEqual(['0', '1', '2', '3 commit', '4 commit'])
  })

  it('may be read from, and behind, without an error', async () => {
    const topic = await scene.topicWith()
    await open(topic)
    expect(await scene.read(topic, { from: 0n })).toMatchObject({ error: 'NONE', entries: [], aborted: [] })
    expect(await scene.read(topic, { from: 1n })).toMatchObject({ error: 'NONE', entries: [], aborted: [] })
    expect(await scene.read(topic, { from: 2n })).toMatchObject({
      error: 'OFFSET_OUT_OF_RANGE',
      aborted: null,
    })
  })

  it('is the end for ListOffsets with read_committed, by time, too', async () => {
    const topic = await scene.topicWith()
    await scene.transact(topic, await scene.init(), 0, 'commit')
    await open(topic)
    expect([await scene.listOffset(topic, LATEST, 0), await scene.listOffset(topic, LATEST, 1)]).toEqual([
      3n,
      2n,
    ])
    const { timestamp } = await lastRecord(topic)
    expect(await scene.listOffset(topic, timestamp, 0)).toBe(2n)
    expect(await scene.listOffset(topic, timestamp, 1)).toBe(-1n)
    expect(await scene.listOffset(topic, 0n, 1)).toBe(0n)
  })

  async function lastRecord(topic: string): Promise<{ timestamp: bigint }> {
    const { responses } = await scene.client.request(Fetch, 11, fetchFrom(topic, 0n))
    const batch = splitBatches(responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)).at(-1)
    return { timestamp: readBatchHeader(batch as Buffer).maxTimestamp }
  }
})

describe('a marker', () => {
  it('takes one offset in every partition, also where nothing was written', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.add(producer, { [topic]: [0] })
    await scene.end(producer, 'abort')
    await expect.poll(() => scene.listOffset(topic, LATEST, 0)).toBe(1n)
    expect(await scene.read(topic)).toMatchObject({ entries: ['0 abort'], aborted: [] })
  })

  it('is the batch that Kafka writes', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.transact(topic, producer, 0, 'commit')
    const { responses } = await scene.client.request(Fetch, 11, fetchFrom(topic, 1n))
    const [batch] = splitBatches(responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)) as [Buffer]
    const { maxTimestamp: timestamp } = readBatchHeader(batch)
    const { producerId, producerEpoch } = producer
    const written = writeMarker({
      marker: 'commit',
      producerId,
      producerEpoch,
      coordinatorEpoch: 0,
      timestamp,
    })
    // Before the checksum stand the first offset and the leader epoch, which the log gives.
    expect(batch.subarray(17)).toEqual(written.subarray(17))
  })

  it('has the time of its arrival where the topic says LogAppendTime', async () => {
    const topic = await scene.topicWith(1, { 'message.timestamp.type': 'LogAppendTime' })
    await scene.transact(topic, await scene.init(), 0, 'commit')
    const { responses } = await scene.client.request(Fetch, 11, fetchFrom(topic, 1n))
    const [batch] = splitBatches(responses[0]?.partitions[0]?.records ?? Buffer.alloc(0)) as [Buffer]
    expect(readBatchHeader(batch).timestampType).toBe('LogAppendTime')
  })
})

describe('aborted transactions', () => {
  it('are named to a reader of their records, in the order of their ends', async () => {
    const topic = await scene.topicWith()
    const first = await open(topic)
    const second = await open(topic)
    await scene.end(second, 'abort')
    await expect.poll(() => scene.listOffset(topic, LATEST, 0)).toBe(3n)
    await scene.end(first, 'abort')
    await scene.settled(topic)
    const third = await scene.init()
    await scene.transact(topic, third, 0, 'commit')
    await scene.transact(topic, third, 1, 'abort')

    const inFirst = { producerId: first.producerId, firstOffset: 0n }
    const inSecond = { producerId: second.producerId, firstOffset: 1n }
    const inThird = { producerId: third.producerId, firstOffset: 6n }
    const abortedFrom = async (from: bigint) => (await scene.read(topic, { from })).aborted
    expect(await abortedFrom(0n)).toEqual([inSecond, inFirst, inThird])
    expect(await abortedFrom(2n)).toEqual([inSecond, inFirst, inThird])
    expect(await abortedFrom(3n)).toEqual([inFirst, inThird])
    expect(await abortedFrom(4n)).toEqual([inThird])
    expect(await abortedFrom(8n)).toEqual([])
    expect((await scene.read(topic, { isolation: 'uncommitted' })).aborted).toBeNull()
  })

  it('are named a little further than the records go: up to the next entry of the offset index', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    for (let round = 0; round < 6; round++) {
      await scene.add(producer, { [topic]: [0] })
      await scene.send(topic, producer, round, { value: 'v'.repeat(1500) })
      await scene.end(producer, 'abort')
      await scene.settled(topic)
    }
    const offsetsFrom = async (from: bigint) =>
      (await scene.read(topic, { from, maxBytes: 1 })).aborted?.map(({ firstOffset }) => firstOffset)
    expect(await offsetsFrom(0n)).toEqual([0n, 2n, 4n])
    expect(await offsetsFrom(5n)).toEqual([4n, 6n, 8n, 10n])
    expect(await offsetsFrom(8n)).toEqual([8n, 10n])
    expect(await offsetsFrom(10n)).toEqual([10n])
  })
})

describe('a read_committed reader that waits', () => {
  it('is woken by the end of the transaction, not by its records', async () => {
    const topic = await scene.topicWith()
    const producer = await open(topic)
    const reader = await connect(scene.bootstrap, { timeoutMs: 20_000 })
    let answers = 0
    const reading = reader
      .request(Fetch, 11, fetchFrom(topic, 0n, { isolationLevel: 1, maxWaitMs: 15_000 }))
      .finally(() => {
        answers += 1
      })
    await scene.send(topic, producer, 1)
    expect(await scene.read(topic, { isolation: 'uncommitted' })).toMatchObject({ entries: ['0', '1'] })
    expect(answers).toBe(0)
    await scene.end(producer, 'commit')
    const partition = (await reading).responses[0]?.partitions[0]
    expect(splitBatches(partition?.records ?? Buffer.alloc(0))).toHaveLength(3)
    reader.close()
  })
})

describe('a topic with an open transaction', () => {
  it('may lose its first records: the stable part begins at the new start', async () => {
    const topic = await scene.topicWith()
    const producer = await open(topic)
    await scene.send(topic, producer, 1)
    const deleted = await scene.client.request(DeleteRecords, 1, {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 1n }] }],
      timeoutMs: 5000,
    })
    expect(deleted.topics[0]?.partitions[0]).toMatchObject({ lowWatermark: 1n, errorCode: 0 })
    expect(await scene.read(topic, { from: 1n })).toMatchObject({ lastStableOffset: 1n, entries: [] })
    await scene.end(producer, 'abort')
    await scene.settled(topic)
    expect(await scene.read(topic, { from: 1n })).toMatchObject({
      entries: ['1', '2 abort'],
      aborted: [{ producerId: producer.producerId, firstOffset: 0n }],
    })
  })

  it('may be deleted, and the transaction still ends', async () => {
    const [topic, other] = [await scene.topicWith(), await scene.topicWith()]
    const producer = await open(topic)
    await scene.add(producer, { [other]: [0] })
    await scene.send(other, producer, 0)
    await remove(topic)
    expect(await scene.end(producer, 'commit')).toBe('NONE')
    await scene.settled(other)
    expect((await scene.read(other)).entries).toEqual(['0', '1 commit'])
    expect(await scene.transact(other, producer, 1, 'commit')).toBe(2n)
  })

  it('gets the marker under its old name when it was created again', async () => {
    const topic = await scene.topicWith()
    const producer = await open(topic)
    await remove(topic)
    await scene.createTopic(topic)
    expect(await scene.end(producer, 'abort')).toBe('NONE')
    await expect.poll(() => scene.listOffset(topic, LATEST, 0)).toBe(1n)
    expect(await scene.read(topic)).toMatchObject({ entries: ['0 abort'], aborted: [] })
  })

  async function remove(topic: string): Promise<void> {
    await scene.client.request(DeleteTopics, 3, { topics: [], topicNames: [topic], timeoutMs: 5000 })
    await expect.poll(async () => (await scene.client.metadata([topic])).topics[0]?.errorCode).toBe(3)
  }
})
