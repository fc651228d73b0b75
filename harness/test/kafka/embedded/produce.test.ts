import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { crc32c } from '../../../kafka/protocol/crc32c.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import {
  type BatchContent,
  isIntact,
  readBatchHeader,
  readRecords,
  splitBatches,
  writeBatch,
} from '../../../kafka/protocol/record-batch.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { configs, fetchFrom, newTopic, produceTo, record } from './requests.ts'

/* Raw Produce requests against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

const HOUR_MS = 3_600_000

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
})

afterAll(async () => {
  client.close()
  await broker.close()
})

async function topicWith(settings: Record<string, string> = {}): Promise<string> {
  const name = freshName()
  const topics = [newTopic(name, { configs: configs(settings) })]
  const created = await client.request(CreateTopics, 4, { topics, timeoutMs: 10_000, validateOnly: false })
  expect(created.topics[0]).toMatchObject({ errorCode: 0, errorMessage: null })
  // A real broker hears of a new topic a moment after the controller made it.
  await expect.poll(async () => (await client.metadata([name])).topics[0]?.partitions[0]?.errorCode).toBe(0)
  return name
}

async function send(topic: string, records: Buffer, { acks = -1, index = 0 } = {}) {
  const { responses } = await client.request(Produce, 8, produceTo(topic, records, acks, index))
  const answer = responses[0]?.partitionResponses[0]
  if (!answer) throw new Error('an answer without partition')
  return { ...answer, error: errorName(answer.errorCode) }
}

async function stored(topic: string): Promise<Buffer[]> {
  const { responses } = await client.request(Fetch, 11, fetchFrom(topic, 0n))
  return splitBatches(responses[0]?.partitions[0]?.records ?? Buffer.alloc(0))
}

const twoRecords = () => writeBatch({ records: [record('a'), record('b')] })

/** Changes bytes of a good batch; the checksum is made right again. */
function changed(change: (batch: Buffer) => void): Buffer {
  const batch = twoRecords()
  change(batch)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

describe('a good batch', () => {
  it('is stored as it is, but for its first offset', async () => {
    const topic = await topicWith()
    const [plain, packed] = [
      twoRecords(),
      writeBatch({ records: [record('c'), record(null)], compression: 'gzip' }),
    ]
    expect(await send(topic, plain)).toMatchObject({ error: 'NONE', baseOffset: 0n, logAppendTimeMs: -1n })
    expect(await send(topic, packed, { acks: 1 })).toMatchObject({ baseOffset: 2n, logStartOffset: 0n })
    const batches = await stored(topic)
    expect(batches.map((one) => readBatchHeader(one).baseOffset)).toEqual([0n, 2n])
    expect(batches.map((one) => one.subarray(17))).toEqual([plain.subarray(17), packed.subarray(17)])
  })

  it('gets the time of its arrival where the topic says LogAppendTime', async () => {
    const topic = await topicWith({ 'message.timestamp.type': 'LogAppendTime' })
    const before = BigInt(Date.now())
    const answer = await send(topic, writeBatch({ records: [record('a', 'v', Date.now() + 5 * HOUR_MS)] }))
    expect(answer.error).toBe('NONE')
    const [batch] = await stored(topic)
    const [first] = readRecords(batch as Buffer)
    expect(first?.timestamp).toBe(answer.logAppendTimeMs)
    expect(answer.logAppendTimeMs).toBeGreaterThanOrEqual(before)
    expect(isIntact(batch as Buffer)).toBe(true)
  })

  it('gets its latest time put right when the header lies', async () => {
    const topic = await topicWith()
    const lying = changed((batch) => batch.writeBigInt64BE(5n, 35))
    const [first] = readRecords(lying)
    expect((await send(topic, lying)).error).toBe('NONE')
    const [batch] = await stored(topic)
    const latest = readRecords(batch as Buffer).at(-1)?.timestamp
    expect(readBatchHeader(batch as Buffer).maxTimestamp).toBe(latest)
    expect(latest).toBeGreaterThanOrEqual(first?.timestamp ?? 0n)
    expect(isIntact(batch as Buffer)).toBe(true)
  })

  it('is taken with one replica whatever min.insync.replicas says', async () => {
    const topic = await topicWith({ 'min.insync.replicas': '2' })
    expect((await send(topic, twoRecords())).error).toBe('NONE')
  })
})

describe('a bad batch is refused, and nothing of it is stored', () => {
  const cut = twoRecords().subarray(0, -3)
  const badChecksum = twoRecords()
  badChecksum.writeUInt32BE(1, 17)
  const table: [what: string, records: Buffer, error: string][] = [
    ['two batches', Buffer.concat([twoRecords(), twoRecords()]), 'INVALID_RECORD'],
    ['a batch that ends too early', cut, 'INVALID_RECORD'],
    ['a checksum that is wrong', badChecksum, 'CORRUPT_MESSAGE'],
    ['an old format', changed((batch) => batch.writeInt8(1, 16)), 'INVALID_RECORD'],
    ['a format that does not exist', changed((batch) => batch.writeInt8(3, 16)), 'CORRUPT_MESSAGE'],
    ['a first offset that is not 0', changed((batch) => batch.writeBigInt64BE(1n, 0)), 'INVALID_RECORD'],
    ['more records claimed than offsets', changed((batch) => batch.writeInt32BE(5, 57)), 'INVALID_RECORD'],
    [
      'more records claimed than there are',
      changed((batch) => {
        batch.writeInt32BE(3, 57)
        batch.writeInt32BE(2, 23)
      }),
      'INVALID_RECORD',
    ],
    [
      'no records',
      changed((batch) => {
        batch.writeInt32BE(0, 57)
        batch.writeInt32BE(-1, 23)
      }),
      'INVALID_RECORD',
    ],
    ['a control batch', writeBatch({ records: [record('a')], control: true }), 'INVALID_RECORD'],
    ['a codec that does not exist', changed((batch) => batch.writeInt16BE(7, 21)), 'UNKNOWN_SERVER_ERROR'],
    ['gzip that is none', changed((batch) => batch.writeInt16BE(1, 21)), 'UNKNOWN_SERVER_ERROR'],
    [
      'a producer id without sequence',
      writeBatch({ records: [record('a')], producerId: 1n, producerEpoch: 0, baseSequence: -1 }),
      'INVALID_RECORD',
    ],
  ]

  for (const [what, records, error] of table) {
    it(what, async () => {
      const topic = await topicWith()
      expect(await send(topic, records)).toMatchObject({ error, baseOffset: -1n })
      expect(await stored(topic)).toEqual([])
    })
  }

  it('too large for the topic', async () => {
    const batch = twoRecords()
    const topic = await topicWith({ 'max.message.bytes': String(batch.length) })
    expect((await send(topic, batch)).error).toBe('NONE')
    const larger = writeBatch({ records: [record('a'), record('b', 'values')] })
    expect(await send(topic, larger)).toMatchObject({ error: 'MESSAGE_TOO_LARGE', logStartOffset: -1n })
  })

  it('records without key on a compacted topic, each named', async () => {
    const topic = await topicWith({ 'cleanup.policy': 'compact' })
    const answer = await send(topic, writeBatch({ records: [record('a'), record(null), record(null)] }))
    const text = `Compacted topic cannot accept message without key in topic partition ${topic}-0`
    expect(answer.error).toBe('INVALID_RECORD')
    expect(answer.recordErrors).toEqual([
      { batchIndex: 1, batchIndexErrorMessage: text },
      { batchIndex: 2, batchIndexErrorMessage: text },
    ])
    expect(answer.errorMessage).toContain('due to 2 record errors in total')
  })

  it('times more than an hour ahead', async () => {
    const topic = await topicWith()
    const soon = record('a', 'v', Date.now() + HOUR_MS - 60_000)
    const late = record('a', 'v', Date.now() + HOUR_MS + 60_000)
    expect((await send(topic, writeBatch({ records: [soon] }))).error).toBe('NONE')
    const answer = await send(topic, writeBatch({ records: [soon, late] }))
    expect(answer.error).toBe('INVALID_TIMESTAMP')
    expect(answer.recordErrors).toHaveLength(1)
    expect(answer.recordErrors[0]).toMatchObject({ batchIndex: 1 })
    expect(answer.recordErrors[0]?.batchIndexErrorMessage).toContain(`Timestamp ${late.timestamp} of message`)
  })

  it('for a topic or partition that does not exist, or with acks that do not', async () => {
    const topic = await topicWith()
    expect((await send(freshName(), twoRecords())).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect((await send(topic, twoRecords(), { index: 1 })).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect((await send(topic, twoRecords(), { acks: 2 })).error).toBe('INVALID_REQUIRED_ACKS')
  })
})

describe('an idempotent producer', () => {
  /** Sends batches of one producer to a new topic: the first offset of each, or its error. */
  async function sendAll(...batches: [baseSequence: number, count?: number, epoch?: number][]) {
    const topic = await topicWith()
    const answers: (number | string)[] = []
    for (const [baseSequence, count = 1, producerEpoch = 0] of batches) {
      const records = Array.from({ length: count }, () => record('k'))
      const content: BatchContent = { records, producerId: 77n, producerEpoch, baseSequence }
      const { error, baseOffset } = await send(topic, writeBatch(content))
      answers.push(error === 'NONE' ? Number(baseOffset) : error)
    }
    return answers
  }

  it('gets the first answer again for a batch that it repeats', async () => {
    expect(await sendAll([0], [1, 3], [1, 3], [0], [4])).toEqual([0, 1, 1, 0, 4])
  })

  it('may repeat only the last five batches', async () => {
    const answers = await sendAll([0], [1], [2], [3], [4], [5], [1], [0])
    expect(answers.slice(6)).toEqual([1, 'OUT_OF_ORDER_SEQUENCE_NUMBER'])
  })

  it('may not leave a gap, nor repeat half a batch', async () => {
    const error = 'OUT_OF_ORDER_SEQUENCE_NUMBER'
    expect(await sendAll([0, 2], [3], [0, 1], [1, 1], [2])).toEqual([0, error, error, error, 2])
  })

  it('may start anywhere when the partition does not know it', async () => {
    expect(await sendAll([40], [41])).toEqual([0, 1])
  })

  it('starts a new epoch at 0, and the old one is fenced', async () => {
    expect(await sendAll([0], [1, 1, 1], [0, 1, 1], [1, 1, 0])).toEqual([
      0,
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      1,
      'INVALID_PRODUCER_EPOCH',
    ])
  })

  it('counts on from 0 after 2147483647', async () => {
    const last = 2_147_483_647
    expect(await sendAll([last - 1, 4], [2], [last - 1, 4])).toEqual([0, 4, 0])
  })
})
