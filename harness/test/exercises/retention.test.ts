import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  compact,
  type LogRecord,
  type Policy,
  retain,
  type Segment,
} from '../../../solutions/20-retention/retention.ts'
import { topicView } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { freshName } from '../kafka/test-broker.ts'
import { haveRealNodes, startRealNodes } from './real-nodes.ts'

/*
 * What exercise 20 teaches, on brokers that look after their logs often: the embedded one, and real Kafka where it can be
 * started. Each log is written, the broker is given its policy, and keeps what the exercise's solution keeps.
 */

const HOUR = 3_600_000
const POLL = { timeout: 30_000, interval: 50 }
/** A node that has just been started takes its time. */
const START = { timeout: 60_000, interval: 100 }
const QUICK = { 'log.cleaner.backoff.ms': '100', 'log.retention.check.interval.ms': '200' }

/** A batch has one of these, so that two of them do not fit into a segment of the smallest size. */
const PADDING = 'x'.repeat(600_000)
const SEGMENT = { 'segment.bytes': '1048576' }

const brokers: [name: string, start: () => Promise<{ bootstrap: string; close(): Promise<void> }>][] = [
  ['the embedded broker', () => startEmbedded({ settings: QUICK })],
]
if (haveRealNodes()) {
  const settings = { ...QUICK, 'log.initial.task.delay.ms': '100' }
  brokers.push(['real Kafka', () => startRealNodes(1, settings)])
}

type Written = Pick<LogRecord, 'key' | 'value'> & { age: number }

describe.each(brokers)('%s keeps what exercise 20 says', { timeout: 60_000 }, (_, start) => {
  let broker: { bootstrap: string; close(): Promise<void> }
  let client: Client
  let admin: Admin

  beforeAll(async () => {
    broker = await start()
    client = await vi.waitFor(() => connect(broker.bootstrap, { timeoutMs: 20_000 }), START)
    await vi.waitFor(async () => expect((await client.metadata([])).brokers.length).toBe(1), START)
    admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
  }, 120_000)

  afterAll(async () => {
    await admin.disconnect()
    client.close()
    await broker.close()
  })

  /** A log with one segment for each list of records; the last one is active. */
  async function write(segments: Written[][], config: Record<string, string> = {}) {
    const topic = topicView(client, freshName())
    await topic.create({ partitions: 1, config: { 'retention.ms': '-1', ...SEGMENT, ...config } })
    const model = modelOf(segments, Date.now())
    for (const { records } of model) await append(topic, records)
    return { topic, model }
  }

  function append(topic: ReturnType<typeof topicView>, records: LogRecord[]): Promise<void> {
    return topic.append(
      records.map(({ key, value, timestamp }, at) => ({
        ...(key !== null && { key }),
        value,
        timestamp,
        ...(at === 0 && { headers: { padding: PADDING } }),
      })),
    )
  }

  async function configure(topic: string, config: Record<string, string>): Promise<void> {
    const configEntries = Object.entries({ ...SEGMENT, ...config }).map(([name, value]) => ({ name, value }))
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }]
    await admin.alterConfigs({ validateOnly: false, resources })
  }

  async function ends(topic: string) {
    const [partition] = await admin.fetchTopicOffsets(topic)
    return { start: Number(partition?.low), end: Number(partition?.high) }
  }

  /** Resolves when the broker has looked after all logs once more, from the first to the last. */
  async function untilLookedAfter(): Promise<void> {
    // A look that deletes from the second topic began when the one that deleted from the first had ended.
    for (let count = 0; count < 2; count++) {
      const topic = topicView(client, freshName())
      await topic.create({ partitions: 1, config: { 'retention.ms': String(HOUR) } })
      await topic.append([{ value: 'old', timestamp: Date.now() - 2 * HOUR }])
      await expect.poll(() => ends(topic.name), POLL).toEqual({ start: 1, end: 1 })
    }
  }

  const day = { 'retention.ms': 24 * HOUR }

  test.each<
    [name: string, ages: number[][], limits: { 'retention.ms'?: number; 'retention.bytes'?: number }]
  >([
    ['no limit', [[90_000], [80_000]], {}],
    ['a young record in the oldest segment', [[50, 30, 20], [19, 10], [1]], day],
    ['an old record in a younger segment', [[50, 30, 20], [19, 10], [1]], { 'retention.ms': 15 * HOUR }],
    ['timestamps that do not rise', [[40, 2, 30], [1]], day],
    ['an old segment behind a young one', [[30], [10], [40], [1]], day],
    ['everything too old', [[40], [30, 28]], day],
    ['one young record in the active segment', [[40], [30, 1]], day],
    ['a limit of bytes', [[4], [3], [2], [1]], { 'retention.bytes': 1_300_000 }],
    ['a limit of bytes that is met', [[4], [3], [2], [1]], { 'retention.bytes': 1_200_000 }],
    ['a limit of one byte', [[4], [3], [1]], { 'retention.bytes': 1 }],
    ['two limits, and time decides', [[40], [1]], { ...day, 'retention.bytes': 1_200_000 }],
    ['two limits, one after the other', [[3], [40], [1]], { ...day, 'retention.bytes': 1_200_000 }],
  ])('retention: %s', async (_name, ages, limits) => {
    const { topic, model } = await write(
      ages.map((list) => list.map((age) => ({ age, key: 'k', value: 'v' }))),
    )
    const policy: Policy = {
      retentionMs: limits['retention.ms'] ?? -1,
      retentionBytes: limits['retention.bytes'] ?? -1,
      committed: {},
    }
    await configure(topic.name, {
      'retention.ms': String(policy.retentionMs),
      'retention.bytes': String(policy.retentionBytes),
    })
    await untilLookedAfter()
    const kept = retain(model, policy, Date.now())
    expect(linesOf(await topic.records())).toEqual(linesOf(recordsOf(kept)))
    expect(await ends(topic.name)).toEqual({ start: kept[0]?.baseOffset, end: recordsOf(model).length })
  })

  const compacted = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01' }

  test.each<[name: string, segments: [key: string | null, value: string | null, age?: number][][]]>([
    [
      'the last of each key',
      [
        [
          ['1', 'Alice'],
          ['2', 'Bob'],
          ['1', 'Alice Smith'],
        ],
        [['3', 'Carol']],
      ],
    ],
    [
      'keys in several segments',
      [
        [
          ['1', 'Alice'],
          ['2', 'Bob'],
        ],
        [['1', 'Alice Smith']],
        [['2', 'Robert']],
        [['3', '']],
      ],
    ],
    [
      'the active segment',
      [
        [
          ['1', 'a'],
          ['3', 'a'],
          ['3', 'b'],
        ],
        [
          ['2', 'a'],
          ['1', 'b'],
          ['2', 'b'],
        ],
      ],
    ],
    [
      'an older time with a higher offset',
      [
        [
          ['1', 'Alice', 1],
          ['1', 'Alice Smith', 9],
        ],
        [['3', 'Carol']],
      ],
    ],
    [
      'a tombstone of ninety days ago',
      [
        [
          ['1', 'Alice', 2160],
          ['2', 'Bob', 2160],
          ['1', null, 2160],
        ],
        [['3', 'Carol']],
      ],
    ],
    [
      'no keys, an empty key, an empty value',
      [
        [
          [null, 'a'],
          ['', 'b'],
          [null, 'c'],
          ['1', ''],
        ],
        [['3', 'Carol']],
      ],
    ],
  ])('compaction: %s', async (_name, segments) => {
    const { topic, model } = await write(
      segments.map((records) => records.map(([key, value, age = 1]) => ({ key, value, age }))),
    )
    // Compacted only now: a compacted topic refuses records without a key.
    await configure(topic.name, compacted)
    const cleaned = recordsOf(compact(model, { deleteRetentionMs: 24 * HOUR }, Date.now()))
    expect(cleaned.length).toBeLessThan(recordsOf(model).length)
    await expect.poll(async () => linesOf(await topic.records()), POLL).toEqual(linesOf(cleaned))
  })

  test('compaction: a tombstone goes with a later cleaning', async () => {
    const { topic, model } = await write([
      [
        { key: '1', value: 'Alice', age: 1 },
        { key: '1', value: null, age: 1 },
      ],
      [{ key: '2', value: 'Bob', age: 1 }],
    ])
    await configure(topic.name, { ...compacted, 'delete.retention.ms': '0' })
    const first = compact(model, { deleteRetentionMs: 0 }, Date.now())
    const seen = async () => linesOf(await topic.records())
    await expect.poll(seen, POLL).toEqual(linesOf(recordsOf(first)))
    // A cleaning needs something new in closed segments: one more batch closes the one with Bob.
    const [, closed] = modelOf([[], [{ key: '3', value: 'Carol', age: 1 }]], Date.now())
    const more = (closed?.records ?? []).map((record) => ({ ...record, offset: 3 }))
    await append(topic, more)
    const longer = first.map((segment) => ({ ...segment, active: false }))
    const added = { baseOffset: 3, bytes: 0, records: more, active: true }
    const second = compact([...longer, added], { deleteRetentionMs: 0 }, Date.now())
    expect(linesOf(recordsOf(second))).toEqual(['2 2 Bob', '3 3 Carol'])
    await expect.poll(seen, POLL).toEqual(linesOf(recordsOf(second)))
  })

  test('a compacted topic refuses a record without a key', async () => {
    const { topic } = await write([], compacted)
    await expect(topic.append([{ value: 'first' }])).rejects.toMatchObject({ code: 'INVALID_RECORD' })
  })
})

/** The log of the exercise for these records. */
function modelOf(segments: Written[][], now: number): Segment[] {
  let next = 0
  return segments.map((written, at) => {
    const records = written.map(({ key, value, age }, index) => ({
      key,
      value,
      timestamp: now - age * HOUR,
      offset: next + index,
    }))
    next += written.length
    const baseOffset = next - written.length
    return { baseOffset, bytes: PADDING.length, records, active: at === segments.length - 1 }
  })
}

const recordsOf = (log: Segment[]) => log.flatMap(({ records }) => records)

const linesOf = (records: { offset: number | string; key: string | null; value: string | null }[]) =>
  records.map(({ offset, key, value }) => `${offset} ${key} ${value}`)
