import { beforeEach, describe, expect, it } from 'vitest'
import type { State } from '../../../kafka/embedded/state.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import type { RequestOf, ResponseOf } from '../../../kafka/protocol/api.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { readBatchHeader, splitBatches, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, type InMemoryClient, inMemoryClient } from './in-memory-client.ts'
import { type ManualClock, manualClock } from './manual-clock.ts'
import { fetchFrom, newTopics, produceTo, record } from './requests.ts'

let clock: ManualClock
let state: State
let writer: InMemoryClient
let reader: InMemoryClient
let timersBefore: number

beforeEach(async () => {
  clock = manualClock()
  state = clusterWithoutSockets({ clock })
  writer = inMemoryClient(state)
  reader = inMemoryClient(state)
  await writer.call(CreateTopics, 4, newTopics('t', 'other'))
  timersBefore = clock.waiting
})

/** One batch of three records, 100 bytes each. */
const batch = () =>
  writeBatch({ records: ['a', 'b', 'c'].map((key) => record(key, 'v'.repeat(90), clock.now())) })

async function produce(topic = 't'): Promise<void> {
  const { responses } = await writer.call(Produce, 8, produceTo(topic, batch()))
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
}

async function fetch(request: RequestOf<typeof Fetch>) {
  const { responses } = await reader.call(Fetch, 11, request)
  return summary(responses)
}

/** Error, first offsets of the batches and high watermark of the first partition. */
function summary(responses: ResponseOf<typeof Fetch>['responses']) {
  const partition = responses[0]?.partitions[0]
  if (!partition) throw new Error('an answer without partition')
  return {
    error: errorName(partition.errorCode),
    offsets: splitBatches(partition.records ?? Buffer.alloc(0)).map((one) => readBatchHeader(one).baseOffset),
    highWatermark: partition.highWatermark,
  }
}

describe('what a fetch gives', () => {
  it('whole batches from the one that holds the offset', async () => {
    await produce()
    await produce()
    await produce()
    expect(await fetch(fetchFrom('t', 4n))).toEqual({ error: 'NONE', offsets: [3n, 6n], highWatermark: 9n })
  })

  it('the first batch even above the limits, the others within them', async () => {
    await produce()
    await produce()
    await produce()
    const twoBatches = 2 * batch().length
    expect((await fetch(fetchFrom('t', 0n, { maxBytes: 1 }))).offsets).toEqual([0n])
    expect((await fetch(fetchFrom('t', 0n, { maxBytes: twoBatches }))).offsets).toEqual([0n, 3n])
    expect((await fetch(fetchFrom('t', 0n, { maxBytes: twoBatches - 1 }))).offsets).toEqual([0n])
  })

  it('only the first partition gets a batch above the limits', async () => {
    await produce('t')
    await produce('other')
    const topics = [...fetchFrom('t', 0n).topics, ...fetchFrom('other', 0n).topics]
    const { responses } = await reader.call(Fetch, 11, fetchFrom('t', 0n, { topics, maxBytes: 1 }))
    expect(responses.map(({ partitions }) => partitions[0]?.records?.length)).toEqual([batch().length, 0])
  })

  it('OFFSET_OUT_OF_RANGE before the start and behind the end, at once', async () => {
    await produce()
    await produce()
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, offset: 4n }] }]
    const deleted = await writer.call(DeleteRecords, 1, { topics, timeoutMs: 1000 })
    expect(deleted.topics[0]?.partitions[0]).toEqual({ partitionIndex: 0, lowWatermark: 4n, errorCode: 0 })
    const patient = { maxWaitMs: 10_000 }
    for (const offset of [-1n, 3n, 7n]) {
      expect((await fetch(fetchFrom('t', offset, patient))).error).toBe('OFFSET_OUT_OF_RANGE')
    }
    expect((await fetch(fetchFrom('t', 4n))).offsets).toEqual([3n])
    expect((await fetch(fetchFrom('t', 6n))).offsets).toEqual([])
  })

  it('UNKNOWN_TOPIC_OR_PARTITION at once', async () => {
    const missing = await fetch(fetchFrom('missing', 0n, { maxWaitMs: 10_000 }))
    expect(missing).toEqual({ error: 'UNKNOWN_TOPIC_OR_PARTITION', offsets: [], highWatermark: -1n })
  })

  it('no sessions', async () => {
    const first = await reader.call(Fetch, 11, fetchFrom('t', 0n, { sessionEpoch: 0 }))
    expect([first.errorCode, first.sessionId]).toEqual([0, 0])
    const next = await reader.call(Fetch, 11, fetchFrom('t', 0n, { sessionId: 7, sessionEpoch: 1 }))
    expect(errorName(next.errorCode)).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })
})

describe('a fetch that finds nothing', () => {
  async function park(request: RequestOf<typeof Fetch>): Promise<void> {
    reader.send(Fetch, 11, request)
    await expect.poll(() => clock.waiting).toBe(timersBefore + 1)
  }

  async function answered() {
    return summary((await reader.answer(Fetch, 11)).body.responses)
  }

  it('waits until records come', async () => {
    await park(fetchFrom('t', 0n, { maxWaitMs: 5000 }))
    await produce()
    expect(await answered()).toEqual({ error: 'NONE', offsets: [0n], highWatermark: 3n })
    expect(clock.waiting).toBe(timersBefore)
  })

  it('waits for minBytes, over several appends', async () => {
    await park(fetchFrom('t', 0n, { maxWaitMs: 5000, minBytes: batch().length + 1 }))
    await produce()
    expect(clock.waiting).toBe(timersBefore + 1)
    await produce()
    expect((await answered()).offsets).toEqual([0n, 3n])
  })

  it('gives what there is when the time is over', async () => {
    await park(fetchFrom('t', 0n, { maxWaitMs: 5000, minBytes: 1_000_000 }))
    await produce()
    clock.advance(4999)
    expect(clock.waiting).toBe(timersBefore + 1)
    clock.advance(1)
    expect((await answered()).offsets).toEqual([0n])
  })

  it('does not end early because of a topic that is not there', async () => {
    const topics = [...fetchFrom('missing', 0n).topics, ...fetchFrom('t', 0n).topics]
    await park(fetchFrom('', 0n, { topics, maxWaitMs: 5000 }))
    clock.advance(5000)
    const { responses } = (await reader.answer(Fetch, 11)).body
    expect(responses.map((one) => [one.topic, errorName(one.partitions[0]?.errorCode ?? 0)])).toEqual([
      ['t', 'NONE'],
      ['missing', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
  })

  it('is answered with an error when its topic is deleted', async () => {
    await park(fetchFrom('t', 0n, { maxWaitMs: 5000 }))
    await writer.call(DeleteTopics, 3, { topics: [], topicNames: ['t'], timeoutMs: 1000 })
    expect((await answered()).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('is answered with an error when another topic took the place of the one with its id', async () => {
    const topics = fetchFrom('', 0n).topics.map((one) => ({
      ...one,
      topicId: state.topics.get('t')?.id ?? '',
    }))
    reader.send(Fetch, 13, fetchFrom('', 0n, { topics, maxWaitMs: 5000 }))
    await expect.poll(() => clock.waiting).toBe(timersBefore + 1)
    state.topics.create({ name: 't', replicas: [[1]], configs: new Map() })
    clock.advance(5000)
    const { responses } = (await reader.answer(Fetch, 13)).body
    expect(errorName(responses[0]?.partitions[0]?.errorCode ?? 0)).toBe('INCONSISTENT_TOPIC_ID')
  })
})
