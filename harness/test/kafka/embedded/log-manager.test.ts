import { describe, expect, it } from 'vitest'
import { startEmbedded } from '../../../kafka/embedded/start.ts'
import { signBatch, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets } from './in-memory-client.ts'
import { manualClock } from './manual-clock.ts'
import { records, showBatch } from './storage-scene.ts'

const ATTRIBUTES_AT = 21
const SNAPPY = 2
const SEGMENT_MS = 1000

/** A topic of one partition on a clock that stands still. */
function scene(configs: Record<string, string>, settings: Record<string, string> = {}) {
  const clock = manualClock()
  const state = clusterWithoutSockets({ clock, settings })
  const plan = { name: 't', replicas: [[1]], configs: new Map(Object.entries(configs)) }
  const partition = state.topics.create(plan).partitions[0]
  if (!partition) throw new Error('a topic without partition')
  const { log } = partition
  const limits = { end: 1000n, maxBytes: 1_000_000, wholeFirst: true }

  /** Every batch goes to a segment of its own when time moves on between them. */
  function append(text: string, change: (batch: Buffer) => void = () => {}): void {
    const batch = writeBatch({ records: records(text, clock.now()) })
    change(batch)
    log.append(batch)
  }

  function appendEach(...texts: string[]): void {
    for (const text of texts) {
      append(text)
      clock.advance(SEGMENT_MS + 1)
    }
  }

  function batches(): string[] {
    const found: Buffer[] = []
    let last: Buffer | undefined
    for (let offset = log.startOffset; offset < log.endOffset; offset++) {
      const [first] = log.read(offset, limits)
      if (first && first !== last) found.push(first)
      last = first
    }
    return found.map(showBatch)
  }

  return { clock, state, log, append, appendEach, batches }
}

const COMPACTED = { 'cleanup.policy': 'compact', 'segment.ms': String(SEGMENT_MS) }

describe('the log manager', () => {
  it('looks after retention every log.retention.check.interval.ms', () => {
    const settings = { 'log.retention.check.interval.ms': '60000' }
    const { clock, log, append } = scene({ 'retention.ms': '30000' }, settings)
    append('a=1')
    clock.advance(59_999)
    expect(log.startOffset).toBe(0n)
    clock.advance(1)
    expect(log.startOffset).toBe(1n)
  })

  it('keeps a record for retention.ms, not shorter', () => {
    const { clock, log, state, append } = scene(
      { 'retention.ms': '30000' },
      {
        'log.retention.check.interval.ms': '3600000',
      },
    )
    append('a=1')
    clock.advance(30_000)
    state.logManager.applyRetention()
    expect(log.startOffset).toBe(0n)
    clock.advance(1)
    state.logManager.applyRetention()
    expect(log.startOffset).toBe(1n)
  })

  it('keeps records for ever with retention.ms -1', () => {
    const { clock, log, append, state } = scene(
      { 'retention.ms': '-1' },
      {
        'log.retention.check.interval.ms': '3600000',
      },
    )
    append('a=1')
    clock.advance(3_599_999)
    state.logManager.applyRetention()
    expect(log.startOffset).toBe(0n)
  })

  it('does not delete what consumers cannot see yet', () => {
    const { clock, log, append } = scene({ 'retention.ms': '1000' })
    log.holdHighWatermark(true)
    append('a=1')
    clock.advance(10_000)
    expect(log.startOffset).toBe(0n)
    log.holdHighWatermark(false)
    clock.advance(1000)
    expect(log.startOffset).toBe(1n)
  })

  it('compacts every log.cleaner.backoff.ms', () => {
    const { clock, appendEach, batches } = scene(COMPACTED, { 'log.cleaner.backoff.ms': '60000' })
    appendEach('a=1', 'a=2', 'b=1')
    clock.advance(60_000)
    expect(batches()).toEqual(['1-1 1:a=2', '2-2 2:b=1'])
  })

  it('keeps tombstones for delete.retention.ms after the first cleaning that sees them', () => {
    const { clock, state, appendEach, batches } = scene(
      { ...COMPACTED, 'delete.retention.ms': '10000' },
      { 'log.cleaner.backoff.ms': '3600000' },
    )
    appendEach('a=1', 'a=', 'b=1')
    state.logManager.compact()
    clock.advance(8000)
    appendEach('c=1')
    state.logManager.compact()
    expect(batches()).toEqual(['1-1 1:a= horizon', '2-2 2:b=1', '3-3 3:c=1'])
    appendEach('d=1')
    state.logManager.compact()
    expect(batches()).toEqual(['2-2 2:b=1', '3-3 3:c=1', '4-4 4:d=1'])
  })

  it('leaves a batch that Node cannot unpack as it is', () => {
    const { state, append, appendEach, batches } = scene(COMPACTED)
    appendEach('a=1')
    append('a=2', (batch) => {
      batch.writeInt16BE(SNAPPY, ATTRIBUTES_AT)
      signBatch(batch)
    })
    expect(state.topics.partition('t', 0)?.log.endOffset).toBe(2n)
    appendEach('a=3', 'b=1')
    state.logManager.compact()
    expect(() => batches()).toThrow('snappy')
    expect(
      state.topics.partition('t', 0)?.log.read(0n, { end: 4n, maxBytes: 1e6, wholeFirst: true }),
    ).toHaveLength(2)
  })

  it('wakes nobody and changes nothing in logs that are in order', () => {
    const { clock, log, appendEach, batches } = scene({})
    appendEach('a=1', 'a=2')
    let woken = 0
    log.watch(() => {
      woken += 1
    })
    clock.advance(100_000)
    expect(woken).toBe(0)
    expect(batches()).toEqual(['0-0 0:a=1', '1-1 1:a=2'])
  })
})

describe('a segment', () => {
  it('is closed by segment.ms, in the times of the records', () => {
    const { clock, log, append } = scene({ 'segment.ms': '1000' })
    append('a=1')
    clock.advance(1000)
    append('a=2')
    expect(log.hasSegmentBehind(0n, log.endOffset)).toBe(false)
    clock.advance(1)
    append('a=3')
    expect(log.hasSegmentBehind(0n, log.endOffset)).toBe(true)
    expect(log.hasSegmentBehind(2n, log.endOffset)).toBe(false)
  })

  it('is closed before it would grow beyond segment.bytes', () => {
    const { log, append } = scene({ 'segment.bytes': '1048576' })
    const half = `a=${'x'.repeat(524_000)}`
    append(half)
    append(half)
    expect(log.hasSegmentBehind(0n, log.endOffset)).toBe(false)
    append('a=1')
    append(half)
    expect(log.hasSegmentBehind(0n, log.endOffset)).toBe(true)
  })
})

describe('startEmbedded', () => {
  it('compacts and deletes when it is told to', async () => {
    const clock = manualClock()
    const broker = await startEmbedded({ clock })
    try {
      const replicas = [[1]]
      const kept = broker.state.topics.create({
        name: 'k',
        replicas,
        configs: new Map(Object.entries(COMPACTED)),
      })
      const lost = broker.state.topics.create({
        name: 'd',
        replicas,
        configs: new Map([['retention.ms', '0']]),
      })
      for (const { partitions } of [kept, lost]) {
        for (const time of [0, 0, 2000]) {
          partitions[0]?.log.append(writeBatch({ records: records('a=1', clock.now() - 5000 + time) }))
        }
      }
      broker.compact()
      broker.applyRetention()
      const limits = { end: 3n, maxBytes: 1_000_000, wholeFirst: true }
      expect(kept.partitions[0]?.log.read(0n, limits).map(showBatch)).toEqual(['1-1 1:a=1'])
      expect(lost.partitions[0]?.log.startOffset).toBe(3n)
    } finally {
      await broker.close()
    }
  })
})
