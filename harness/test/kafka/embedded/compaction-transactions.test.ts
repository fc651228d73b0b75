import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEGMENT_MS, type StorageScene, storageScene } from './storage-scene.ts'
import type { Producer } from './transaction-scene.ts'

let scene: StorageScene

beforeAll(async () => {
  scene = await storageScene()
})

afterAll(() => scene.close())

/** Markers carry the time of the broker, so these records must not be older than a segment lasts. */
const now = Date.now()
const later = (segments: number) => now + segments * (SEGMENT_MS + 1)

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

/** One transaction of one batch; Kafka sets the marker a moment after it has said so. */
async function transact(
  topic: string,
  producer: Producer,
  baseSequence: number,
  text: string,
  how: 'commit' | 'abort',
) {
  await scene.add(producer, { [topic]: [0] })
  const sent = await scene.sendRecords(topic, text, now, { ...producer, baseSequence, transactional: true })
  expect(sent.error).toBe('NONE')
  await scene.end(producer, how)
  await scene.settled(topic)
}

describe('compaction and transactions', () => {
  it('takes aborted records away at once, their marker when nothing of them is left', async () => {
    const topic = await compacted({ 'delete.retention.ms': '1' })
    const producer = await scene.init()
    await transact(topic, producer, 0, 'a=1 b=1', 'abort')
    await transact(topic, producer, 2, 'a=2', 'commit')
    await scene.sendRecords(topic, 'c=1', now)
    await scene.sendRecords(topic, 'roll=1', later(1))
    const rest = ['3-3 3:a=2', '4-4 commit', '5-5 5:c=1', '6-6 6:roll=1']
    await eventually(topic).toEqual(['2-2 abort', ...rest])
    expect((await scene.fetch(topic, 0n, 1)).aborted).toEqual([0n])

    await scene.sendRecords(topic, 'roll=2', later(2))
    await eventually(topic).toEqual(['2-2 abort horizon', ...rest, '7-7 7:roll=2'])
    expect((await scene.fetch(topic, 0n, 1)).aborted).toEqual([])

    await scene.sendRecords(topic, 'roll=3', later(3))
    await eventually(topic).toEqual([...rest.slice(0, 3), '7-7 7:roll=2', '8-8 8:roll=3'])
  })

  it('an aborted record does not stand for the last of its key', async () => {
    const topic = await compacted()
    const producer = await scene.init()
    await scene.sendRecords(topic, 'a=1', now)
    await transact(topic, producer, 0, 'a=2', 'abort')
    await scene.sendRecords(topic, 'b=1', now)
    await scene.sendRecords(topic, 'roll=1', later(1))
    await eventually(topic).toEqual(['0-0 0:a=1', '1-1', '2-2 abort', '3-3 3:b=1', '4-4 4:roll=1'])
  })

  it('takes the marker of a commit away when its records are gone, and the producer has gone on', async () => {
    const topic = await compacted({ 'delete.retention.ms': '1' })
    const producer = await scene.init()
    await transact(topic, producer, 0, 'a=1', 'commit')
    await transact(topic, producer, 1, 'a=2', 'commit')
    await scene.sendRecords(topic, 'a=3', now)
    await scene.sendRecords(topic, 'roll=1', later(1))
    const rest = ['2-2', '3-3 commit', '4-4 4:a=3']
    await eventually(topic).toEqual(['1-1 commit', ...rest, '5-5 5:roll=1'])
    await scene.sendRecords(topic, 'roll=2', later(2))
    await eventually(topic).toEqual(['1-1 commit horizon', ...rest, '5-5 5:roll=1', '6-6 6:roll=2'])
    await scene.sendRecords(topic, 'roll=3', later(3))
    await eventually(topic).toEqual([...rest, '6-6 6:roll=2', '7-7 7:roll=3'])
  })

  it('knows an aborted transaction of before from a later one of the same producer', async () => {
    const topic = await compacted()
    const producer = await scene.init()
    await scene.sendRecords(topic, 'a=1', now)
    await transact(topic, producer, 0, 'b=1', 'abort')
    await scene.sendRecords(topic, 'roll=1', later(1))
    await eventually(topic).toEqual(['0-0 0:a=1', '1-1', '2-2 abort', '3-3 3:roll=1'])
    await transact(topic, producer, 1, 'a=2', 'commit')
    await scene.sendRecords(topic, 'roll=2', later(2))
    await eventually(topic).toEqual(['2-2 abort', '3-3 3:roll=1', '4-4 4:a=2', '5-5 commit', '6-6 6:roll=2'])
  })

  it('does not go beyond an open transaction', async () => {
    const topic = await compacted()
    const producer = await scene.init()
    await scene.sendRecords(topic, 'a=1', now)
    await scene.sendRecords(topic, 'a=2', now)
    await scene.add(producer, { [topic]: [0] })
    const open = { ...producer, baseSequence: 0, transactional: true }
    await scene.sendRecords(topic, 'b=1', later(1), open)
    await scene.sendRecords(topic, 'b=2 b=3', later(1))
    await scene.sendRecords(topic, 'roll=1', later(2))
    await eventually(topic).toEqual(['1-1 1:a=2', '2-2 2:b=1', '3-4 3:b=2 4:b=3', '5-5 5:roll=1'])
    await scene.end(producer, 'commit')
    await eventually(topic).toEqual(['1-1 1:a=2', '2-2', '3-4 4:b=3', '5-5 5:roll=1', '6-6 commit'])
  })
})
