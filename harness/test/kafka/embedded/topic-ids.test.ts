import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { configs, fetchFrom, newTopic, produceTo, record } from './requests.ts'

/* Topics by their ids (KIP-516), on the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

const NOBODYS = Buffer.alloc(16, 7).toString('base64url')

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

async function create(...topics: ReturnType<typeof newTopic>[]) {
  const answer = await client.request(CreateTopics, 7, { topics, timeoutMs: 5000, validateOnly: false })
  const names = topics.map(({ name }) => name)
  await expect
    .poll(async () => (await client.metadata(names)).topics.every((one) => one.errorCode === 0))
    .toBe(true)
  return topics.map(
    ({ name }) => answer.topics.find((one) => one.name === name) as (typeof answer.topics)[number],
  )
}

async function createOne(name = freshName()): Promise<{ name: string; topicId: string }> {
  const [created] = await create(newTopic(name))
  return { name, topicId: created?.topicId ?? '' }
}

const byName = (name: string) => ({ name, topicId: uuid.absent })
const byId = (topicId: string) => ({ name: null, topicId })

describe('CreateTopics', () => {
  it('tells what it made, or would make', async () => {
    const name = freshName()
    const wanted = newTopic(name, { numPartitions: 2, configs: configs({ 'retention.ms': '5000' }) })
    const body = { topics: [wanted, newTopic('not a name')], timeoutMs: 5000, validateOnly: true }
    const { topics } = await client.request(CreateTopics, 7, body)
    const [made] = await create(wanted)
    expect(made).toMatchObject({ errorCode: 0, numPartitions: 2, replicationFactor: 1 })
    expect(made?.configs?.find((one) => one.name === 'retention.ms')).toEqual({
      name: 'retention.ms',
      value: '5000',
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    })
    const told = topics.find((one) => one.name === name)
    expect(told).toEqual({ ...made, topicId: told?.topicId })
    expect(told?.topicId).not.toBe(made?.topicId)
    expect(topics.find((one) => one.name !== name)).toMatchObject({
      topicId: uuid.absent,
      numPartitions: -1,
      replicationFactor: -1,
      configs: [],
    })
  })
})

describe('Metadata', () => {
  async function ask(version: number, ...topics: { name: string | null; topicId: string }[]) {
    const body = { ...Metadata.request.absent, topics, allowAutoTopicCreation: false }
    const answer = await client.request(Metadata, version, body)
    return answer.topics.map(({ errorCode, name, topicId }) => [errorName(errorCode), name, topicId])
  }

  it('finds topics by id; names do not count beside an id', async () => {
    const { name, topicId } = await createOne()
    const found = ['NONE', name, topicId]
    expect(await ask(12, byId(topicId))).toEqual([found])
    expect(await ask(12, byName(name))).toEqual([found])
    expect(await ask(12, byId(topicId), byId(NOBODYS), byId(NOBODYS))).toEqual([
      ['UNKNOWN_TOPIC_ID', null, NOBODYS],
      found,
    ])
    expect(await ask(12, byName(freshName()), byId(topicId))).toEqual([found])
  })

  it('wants names before version 12, and a name or an id from then on', async () => {
    const { name, topicId } = await createOne()
    expect(await ask(11, byId(topicId))).toEqual([['INVALID_REQUEST', '', topicId]])
    expect(await ask(10, { name, topicId })).toEqual([['INVALID_REQUEST', name, topicId]])
    expect(await ask(11, { name: null, topicId: uuid.absent })).toEqual([
      ['INVALID_REQUEST', '', uuid.absent],
    ])
    expect(await ask(12, { name: null, topicId: uuid.absent })).toEqual([
      ['UNKNOWN_SERVER_ERROR', '', uuid.absent],
    ])
  })
})

describe('Fetch', () => {
  const [partition] = fetchFrom('', 0n).topics[0]?.partitions ?? []

  /** `topic-partition error bytes` of each answer, in order. */
  async function fetch(topics: [topicId: string, ...partitions: number[]][], given = {}) {
    const asked = topics.map(([topicId, ...indexes]) => ({
      topic: '',
      topicId,
      partitions: indexes.map((index) => ({ ...partition, ...given, partition: index })),
    }))
    const body = fetchFrom('', 0n, { topics: asked as never, maxWaitMs: 0 })
    const { responses } = await client.request(Fetch, 13, body)
    return responses.map(({ topicId, partitions }) => [
      topicId,
      ...partitions.map((one) => `${one.partitionIndex} ${errorName(one.errorCode)} ${one.records?.length}`),
    ])
  }

  it('reads a topic by its id; what is not there comes last, what is asked for twice comes once', async () => {
    const [{ name, topicId: one }, { topicId: other }] = [await createOne(), await createOne()]
    const batch = writeBatch({ records: [record('k')] })
    await client.request(Produce, 9, produceTo(name, batch))
    const read = `0 NONE ${batch.length}`
    expect(await fetch([[one, 0]])).toEqual([[one, read]])
    expect(
      await fetch([
        [one, 0],
        [one, 0],
      ]),
    ).toEqual([[one, read]])
    expect(
      await fetch([
        [NOBODYS, 0, 1],
        [one, 0],
      ]),
    ).toEqual([
      [one, read],
      [NOBODYS, '0 UNKNOWN_TOPIC_ID 0', '1 UNKNOWN_TOPIC_ID 0'],
    ])
    expect(
      await fetch([
        [one, 5, 0],
        [other, 0],
      ]),
    ).toEqual([
      [one, read],
      [other, '0 NONE 0'],
      [one, '5 UNKNOWN_TOPIC_OR_PARTITION 0'],
    ])
  })

  it('knows a topic that was made anew for another one', async () => {
    const { name, topicId } = await createOne()
    await client.request(DeleteTopics, 6, { topics: [byId(topicId)], topicNames: [], timeoutMs: 5000 })
    await expect.poll(async () => (await client.metadata([name])).topics[0]?.errorCode).toBe(3)
    const again = await createOne(name)
    expect(await fetch([[topicId, 0]])).toEqual([[topicId, '0 UNKNOWN_TOPIC_ID 0']])
    expect(await fetch([[again.topicId, 0]])).toEqual([[again.topicId, '0 NONE 0']])
  })
})

describe('DeleteTopics', () => {
  it('takes names and ids, and says what is wrong with each', async () => {
    const [a, b, c, d, e, f] = await create(...Array.from({ length: 6 }, () => newTopic(freshName())))
    const [nameOf, idOf] = [(one = a) => one?.name ?? '', (one = a) => one?.topicId ?? '']
    const missing = freshName()
    const topics = [
      ...[
        byName(nameOf(a)),
        byId(idOf(b)),
        byName(missing),
        byId(NOBODYS),
        { name: nameOf(c), topicId: idOf(c) },
      ],
      ...[byId(uuid.absent), byName(nameOf(d)), byName(nameOf(d)), byId(idOf(e)), byId(idOf(e))],
      ...[byId(idOf(f)), byName(nameOf(f))],
    ]
    const { responses } = await client.request(DeleteTopics, 6, { topics, topicNames: [], timeoutMs: 5000 })
    const told = responses.map(({ name, topicId, errorMessage }) => [name, topicId, errorMessage])
    const expected = [
      [nameOf(a), idOf(a), null],
      [nameOf(b), idOf(b), null],
      [missing, uuid.absent, 'This server does not host this topic-partition.'],
      [null, NOBODYS, 'This server does not host this topic ID.'],
      [nameOf(c), idOf(c), 'You may not specify both topic name and topic id.'],
      [null, uuid.absent, 'Neither topic name nor id were specified.'],
      [nameOf(d), uuid.absent, 'Duplicate topic name.'],
      [null, idOf(e), 'Duplicate topic id.'],
      [nameOf(f), idOf(f), 'The provided topic name maps to an ID that was already supplied.'],
    ]
    // Kafka answers in the order of a hash table.
    expect(told.toSorted(byText)).toEqual(expected.toSorted(byText))
    expect(new Set(responses.map(({ errorCode }) => errorName(errorCode)))).toEqual(
      new Set(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'INVALID_REQUEST']),
    )
  })
})

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}
