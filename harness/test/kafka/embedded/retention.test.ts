import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { fetchFrom } from './requests.ts'
import { SEGMENT_MS, type StorageScene, storageScene } from './storage-scene.ts'

let scene: StorageScene

beforeAll(async () => {
  scene = await storageScene()
})

afterAll(() => scene.close())

const HOUR_MS = 3_600_000
const now = Date.now()
const old = now - HOUR_MS
/** Between `old` and `now`. */
const RETENTION_MS = String(HOUR_MS / 2)

function topicWith(settings: Record<string, string>): Promise<string> {
  return scene.topicWith(1, { 'segment.ms': String(SEGMENT_MS), ...settings })
}

const patience = { timeout: 15_000, interval: 50 }

function eventually(topic: string) {
  return expect.poll(() => scene.batches(topic), patience)
}

function eventualStart(topic: string) {
  return expect.poll(async () => (await scene.list(topic, -2n)).offset, patience)
}

describe('retention', () => {
  it('takes whole segments away whose last record is too old', async () => {
    const topic = await topicWith({ 'retention.ms': RETENTION_MS })
    await scene.sendRecords(topic, 'a=1 a=2', old)
    await scene.sendRecords(topic, 'a=3', old + SEGMENT_MS + 1)
    await scene.sendRecords(topic, 'a=4', now)
    await eventually(topic).toEqual(['3-3 3:a=4'])
    const { error, highWatermark } = await scene.fetch(topic, 2n)
    expect({ error, highWatermark }).toEqual({ error: 'OFFSET_OUT_OF_RANGE', highWatermark: -1n })
    expect(await scene.list(topic, -2n)).toEqual({ offset: 3n, timestamp: -1n, leaderEpoch: 0 })
    expect(await scene.list(topic, BigInt(old))).toMatchObject({ offset: 3n, timestamp: BigInt(now) })
  })

  it('takes the active segment, too, when all of it is too old; offsets go on', async () => {
    const topic = await topicWith({ 'retention.ms': RETENTION_MS })
    await scene.sendRecords(topic, 'a=1 a=2', old)
    await eventualStart(topic).toBe(2n)
    expect(await scene.batches(topic)).toEqual([])
    expect(await scene.sendRecords(topic, 'a=3', now)).toEqual({ error: 'NONE', baseOffset: 2n })
    expect(await scene.batches(topic)).toEqual(['2-2 2:a=3'])
  })

  it('keeps an old record in the segment of a young one, until segment.ms parts them', async () => {
    const topic = await topicWith({ 'retention.ms': RETENTION_MS, 'segment.ms': String(2 * HOUR_MS) })
    const other = await topicWith({ 'retention.ms': RETENTION_MS })
    await scene.sendRecords(topic, 'a=1', now)
    await scene.sendRecords(topic, 'a=2', old)
    await scene.sendRecords(other, 'a=1', old)
    await eventualStart(other).toBe(1n)
    expect(await scene.batches(topic)).toEqual(['0-0 0:a=1', '1-1 1:a=2'])
  })

  it('counts bytes by whole segments, so that more than retention.bytes may stay', async () => {
    const topic = await topicWith({ 'segment.bytes': '1048576', 'retention.bytes': '1000000' })
    for (let index = 0; index < 7; index++) {
      await scene.sendRecords(topic, `a=${'x'.repeat(400_000)}`, now)
    }
    await eventualStart(topic).toBe(4n)
    const { batches } = await scene.fetch(topic, 4n)
    expect(batches).toHaveLength(2)
  })

  it('leaves a topic alone that is only compacted', async () => {
    const topic = await topicWith({ 'retention.ms': RETENTION_MS, 'cleanup.policy': 'compact' })
    const other = await topicWith({ 'retention.ms': RETENTION_MS, 'cleanup.policy': 'compact,delete' })
    await scene.sendRecords(topic, 'a=1', old)
    await scene.sendRecords(other, 'a=1', old)
    await eventualStart(other).toBe(1n)
    expect(await scene.batches(topic)).toEqual(['0-0 0:a=1'])
  })

  it('keeps an old record that compaction has put into a segment with young ones', async () => {
    const topic = await topicWith({ 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '1' })
    await scene.sendRecords(topic, 'a=1', old)
    await scene.sendRecords(topic, 'b=1', now - 2 * SEGMENT_MS)
    await scene.sendRecords(topic, 'b=2 c=1', now - 2 * SEGMENT_MS)
    await scene.sendRecords(topic, 'c=2', now)
    await scene.configure(topic, {
      'cleanup.policy': 'compact,delete',
      'min.cleanable.dirty.ratio': '0',
      'retention.ms': RETENTION_MS,
      'segment.ms': String(SEGMENT_MS),
    })
    await eventually(topic).toEqual(['0-0 0:a=1', '2-3 2:b=2 3:c=1', '4-4 4:c=2'])
  })
})

describe('a log with gaps', () => {
  it('can be cut in a gap', async () => {
    const topic = await topicWith({ 'cleanup.policy': 'compact,delete', 'min.cleanable.dirty.ratio': '0' })
    for (const text of ['a=1', 'b=1', 'b=2', 'b=3']) await scene.sendRecords(topic, text, old)
    await scene.sendRecords(topic, 'roll=1', now)
    await eventually(topic).toEqual(['0-0 0:a=1', '3-3 3:b=3', '4-4 4:roll=1'])
    const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset: 2n }] }]
    const cut = await scene.client.request(DeleteRecords, 1, { topics, timeoutMs: 5000 })
    expect(cut.topics[0]?.partitions[0]).toEqual({ partitionIndex: 0, errorCode: 0, lowWatermark: 2n })
    expect(await scene.batches(topic)).toEqual(['3-3 3:b=3', '4-4 4:roll=1'])
    expect((await scene.fetch(topic, 1n)).error).toBe('OFFSET_OUT_OF_RANGE')
  })
})

describe('a fetch', () => {
  it('gives batches of one segment, and does not wait for more while there is another', async () => {
    const topic = await topicWith({})
    await scene.sendRecords(topic, 'a=1', old)
    await scene.sendRecords(topic, 'a=2', old)
    await scene.sendRecords(topic, 'a=3', now)
    const began = Date.now()
    const patient = fetchFrom(topic, 0n, { minBytes: 1_000_000, maxWaitMs: 10_000 })
    const partition = (await scene.client.request(Fetch, 11, patient)).responses[0]?.partitions[0]
    expect(errorName(partition?.errorCode ?? -1)).toBe('NONE')
    expect(Date.now() - began).toBeLessThan(8000)
    expect((await scene.fetch(topic, 0n)).batches).toHaveLength(2)
    expect(await scene.batches(topic)).toEqual(['0-0 0:a=1', '1-1 1:a=2', '2-2 2:a=3'])
  })
})
