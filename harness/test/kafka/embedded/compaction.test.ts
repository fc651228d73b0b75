import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBatchHeader } from '../../../kafka/protocol/record-batch.ts'
import { SEGMENT_MS, type StorageScene, storageScene } from './storage-scene.ts'

let scene: StorageScene

beforeAll(async () => {
  scene = await storageScene()
})

afterAll(() => scene.close())

const HOUR_MS = 3_600_000
/** The times of all records lie in the past, so that no clock has to be waited for. */
const start = Date.now() - HOUR_MS
const AFTER = start + SEGMENT_MS + 1

function compacted(settings: Record<string, string> = {}): Promise<string> {
  return scene.topicWith(1, {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0',
    'segment.ms': String(SEGMENT_MS),
    ...settings,
  })
}

function eventually(topic: string) {
  return expect.poll(() => scene.batches(topic), { timeout: 15_000, interval: 50 })
}

describe('a compacted topic', () => {
  it('keeps the last record of each key, where it was', async () => {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1 b=1', start)
    await scene.sendRecords(topic, 'a=2', start)
    await scene.sendRecords(topic, 'c=1 c=2', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await scene.sendRecords(topic, 'roll=2', AFTER)
    await eventually(topic).toEqual(['0-1 1:b=1', '2-2 2:a=2', '3-4 4:c=2', '5-5 5:roll=1', '6-6 6:roll=2'])
  })

  it('gives the next batch for an offset that is gone, and keeps its first offset', async () => {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=2', start + 1)
    await scene.sendRecords(topic, 'a=3', start + 2)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await eventually(topic).toEqual(['2-2 2:a=3', '3-3 3:roll=1'])
    expect((await scene.fetch(topic, 1n)).batches.map((one) => readBatchHeader(one).baseOffset)).toEqual([2n])
    expect(await scene.list(topic, -2n)).toEqual({ offset: 0n, timestamp: -1n, leaderEpoch: 0 })
    expect(await scene.list(topic, BigInt(start))).toMatchObject({ offset: 2n, timestamp: BigInt(start + 2) })
  })

  it('takes a tombstone away in a later cleaning, when its time has come', async () => {
    const topic = await compacted({ 'delete.retention.ms': '1' })
    await scene.sendRecords(topic, 'a=1 b=1', start)
    await scene.sendRecords(topic, 'a= c=1', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await eventually(topic).toEqual(['0-1 1:b=1', '2-3 2:a= 3:c=1 horizon', '4-4 4:roll=1'])
    await scene.sendRecords(topic, 'roll=2', AFTER + SEGMENT_MS + 1)
    await eventually(topic).toEqual(['0-1 1:b=1', '2-3 3:c=1 horizon', '4-4 4:roll=1', '5-5 5:roll=2'])
  })

  it('keeps a tombstone for as long as delete.retention.ms says', async () => {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await scene.sendRecords(topic, 'roll=2', AFTER + SEGMENT_MS + 1)
    await scene.sendRecords(topic, 'roll=3', AFTER + 2 * SEGMENT_MS + 2)
    await eventually(topic).toEqual(['1-1 1:a= horizon', '3-3 3:roll=2', '4-4 4:roll=3'])
  })

  it('packs a gzip batch anew, with its times', async () => {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1 b=1', start, { compression: 'gzip' })
    await scene.sendRecords(topic, 'a=2', start + 5)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await eventually(topic).toEqual(['0-1 1:b=1', '2-2 2:a=2', '3-3 3:roll=1'])
    const [first] = (await scene.fetch(topic, 0n)).batches
    const { compression, maxTimestamp, count } = readBatchHeader(first as Buffer)
    expect({ compression, maxTimestamp, count }).toEqual({
      compression: 'gzip',
      maxTimestamp: BigInt(start),
      count: 1,
    })
  })

  it('keeps the last batch of a producer, emptied, so that its sequence goes on', async () => {
    const topic = await compacted()
    const producer = await scene.newProducer()
    await scene.sendRecords(topic, 'a=1', start, { ...producer, baseSequence: 0 })
    await scene.sendRecords(topic, 'a=2', start, { ...producer, baseSequence: 1 })
    await scene.sendRecords(topic, 'a=3', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await eventually(topic).toEqual(['1-1', '2-2 2:a=3', '3-3 3:roll=1'])
    expect(await scene.sendRecords(topic, 'b=1', AFTER, { ...producer, baseSequence: 3 })).toMatchObject({
      error: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    })
    expect(await scene.sendRecords(topic, 'b=1', AFTER, { ...producer, baseSequence: 2 })).toMatchObject({
      error: 'NONE',
      baseOffset: 4n,
    })
  })

  it('keeps the last batch of a cleaning, emptied', async () => {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'b=1', AFTER)
    await eventually(topic).toEqual(['0-0 0:a=1', '1-1 1:b=1'])
    await scene.sendRecords(topic, 'a=2', AFTER)
    await scene.sendRecords(topic, 'a=3', AFTER)
    await scene.sendRecords(topic, 'roll=1', AFTER + SEGMENT_MS + 1)
    await eventually(topic).toEqual(['1-1 1:b=1', '3-3 3:a=3', '4-4 4:roll=1'])
  })

  it('drops records without key that came before it was compacted', async () => {
    const topic = await scene.topicWith(1, { 'segment.ms': String(SEGMENT_MS) })
    await scene.sendRecords(topic, '=1 a=1', start)
    await scene.sendRecords(topic, '=2', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await scene.configure(topic, { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0' })
    await eventually(topic).toEqual(['0-1 1:a=1', '2-2', '3-3 3:roll=1'])
  })

  it('waits until more of it is dirty than min.cleanable.dirty.ratio says', async () => {
    const topic = await compacted({ 'min.cleanable.dirty.ratio': '0.5' })
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=2', start)
    await scene.sendRecords(topic, 'b=1', AFTER)
    await eventually(topic).toEqual(['1-1 1:a=2', '2-2 2:b=1'])
    await scene.sendRecords(topic, 'a=3', AFTER + SEGMENT_MS + 1)
    await compactionOfAnother()
    expect(await scene.batches(topic)).toEqual(['1-1 1:a=2', '2-2 2:b=1', '3-3 3:a=3'])
    await scene.sendRecords(topic, 'a=4', AFTER + SEGMENT_MS + 1)
    await scene.sendRecords(topic, 'c=1', AFTER + 2 * SEGMENT_MS + 2)
    await eventually(topic).toEqual(['2-2 2:b=1', '4-4 4:a=4', '5-5 5:c=1'])
  })

  it('waits until records are older than min.compaction.lag.ms, counted by their own times', async () => {
    const topic = await compacted({ 'min.compaction.lag.ms': String(HOUR_MS / 2) })
    const recent = Date.now()
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=2 c=1', start)
    await scene.sendRecords(topic, 'b=1', recent)
    await scene.sendRecords(topic, 'b=2 c=2', recent)
    await scene.sendRecords(topic, 'roll=1', recent + SEGMENT_MS + 1)
    await eventually(topic).toEqual(['1-2 1:a=2 2:c=1', '3-3 3:b=1', '4-5 4:b=2 5:c=2', '6-6 6:roll=1'])
    await compactionOfAnother()
    expect((await scene.batches(topic))[1]).toBe('3-3 3:b=1')
  })

  it('does not wait for more once max.compaction.lag.ms is over, which also closes segments', async () => {
    const topic = await compacted({
      'min.cleanable.dirty.ratio': '1',
      'max.compaction.lag.ms': '1000',
      'segment.ms': String(HOUR_MS),
    })
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=2', start + 1000)
    await scene.sendRecords(topic, 'a=3', start + 1001)
    await eventually(topic).toEqual(['1-1 1:a=2', '2-2 2:a=3'])
  })

  /** Resolves when another topic was compacted from its making on, so that the cleaner has come round. */
  async function compactionOfAnother(): Promise<void> {
    const topic = await compacted()
    await scene.sendRecords(topic, 'a=1', start)
    await scene.sendRecords(topic, 'a=2', start)
    await scene.sendRecords(topic, 'roll=1', AFTER)
    await eventually(topic).toEqual(['1-1 1:a=2', '2-2 2:roll=1'])
  }
})

/** Read from Kafka 4.3.1: a batch that lost a record, one that is whole, one that lost all. */
const CLEANED_BY_KAFKA = [
  '0000000000000000000000430000000002970f414d0000000000020000019b76daa8000000019b76daa800' +
    'ffffffffffffffffffffffffffff00000002100000020262023100100000040263023100',
  '00000000000000030000003a0000000002d23fccd70000000000000000019b76daa8010000019b76daa801' +
    'ffffffffffffffffffffffffffff00000001100000000261023200',
  '00000000000000040000003100000000025ebfc68d000000000000ffffffffffffffff0000019b76daa802' +
    'ffffffffffffffffffffffffffff00000000',
]

describe('what a cleaning leaves', () => {
  it('is what Kafka leaves, to the byte', async () => {
    const topic = await scene.topicWith(1, { 'retention.ms': '-1', 'segment.ms': String(SEGMENT_MS) })
    const time = Date.UTC(2026, 0, 1)
    await scene.sendRecords(topic, 'a=1 b=1 c=1', time)
    await scene.sendRecords(topic, 'a=2', time + 1)
    await scene.sendRecords(topic, '=1', time + 2)
    await scene.sendRecords(topic, 'roll=1', time + SEGMENT_MS + 1)
    await scene.configure(topic, { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0' })
    await eventually(topic).toEqual(['0-2 1:b=1 2:c=1', '3-3 3:a=2', '4-4', '5-5 5:roll=1'])
    const { batches } = await scene.fetch(topic, 0n)
    expect(batches.map((batch) => batch.toString('hex'))).toEqual(CLEANED_BY_KAFKA)
  })
})
