import { describe, expect, it } from 'vitest'
import type { State } from '../../../kafka/embedded/state.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { CreatePartitions } from '../../../kafka/protocol/api/37-create-partitions.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, inMemoryClient } from './in-memory-client.ts'
import { fetchFrom, newTopic, newTopics, produceTo, record } from './requests.ts'

/* What Kafka leaves to its operators and its disk, and what one request may cost. */

async function create(state: State, name: string, numPartitions = 1) {
  const topics = [newTopic(name, { numPartitions })]
  const answer = await inMemoryClient(state).call(CreateTopics, 4, {
    topics,
    timeoutMs: 1,
    validateOnly: false,
  })
  return answer.topics.map(({ errorCode, errorMessage }) => [errorName(errorCode), errorMessage])[0]
}

async function grow(state: State, name: string, count: number) {
  const topics = [{ name, count, assignments: null }]
  const answer = await inMemoryClient(state).call(CreatePartitions, 1, {
    topics,
    timeoutMs: 1,
    validateOnly: false,
  })
  return answer.results.map(({ errorCode, errorMessage }) => [errorName(errorCode), errorMessage])[0]
}

async function produce(state: State, topic: string, value: string) {
  const batch = writeBatch({ records: [record(null, value)] })
  const { responses } = await inMemoryClient(state).call(Produce, 7, produceTo(topic, batch))
  return errorName(responses[0]?.partitionResponses[0]?.errorCode as number)
}

describe('topics and partitions have an end', () => {
  it('a topic too many is refused as by a policy; one that goes makes room', async () => {
    const state = clusterWithoutSockets({ settings: { 'workbook.max.topics': '2' } })
    expect(await create(state, 'a')).toEqual(['NONE', null])
    expect(await create(state, 'b')).toEqual(['NONE', null])
    const words = 'This broker keeps 2 topics at most (workbook.max.topics).'
    expect(await create(state, 'c')).toEqual(['POLICY_VIOLATION', words])
    await inMemoryClient(state).call(DeleteTopics, 3, { topics: [], topicNames: ['a'], timeoutMs: 1 })
    expect(await create(state, 'c')).toEqual(['NONE', null])
  })

  it('partitions are counted over all topics, those too that are added later', async () => {
    const state = clusterWithoutSockets({ settings: { 'workbook.max.partitions': '5' } })
    const words = 'This broker keeps 5 partitions at most (workbook.max.partitions).'
    expect(await create(state, 'a', 3)).toEqual(['NONE', null])
    expect(await create(state, 'b', 3)).toEqual(['POLICY_VIOLATION', words])
    expect(await create(state, 'b', 1)).toEqual(['NONE', null])
    expect(await grow(state, 'b', 3)).toEqual(['POLICY_VIOLATION', words])
    expect(await grow(state, 'b', 2)).toEqual(['NONE', null])
    state.topics.delete('a')
    expect(await grow(state, 'b', 5)).toEqual(['NONE', null])
  })
})

describe('the logs have an end', () => {
  const value = 'x'.repeat(400)

  it('a full broker refuses records as a Kafka with a full disk; what is deleted makes room', async () => {
    const state = clusterWithoutSockets({ settings: { 'workbook.max.log.bytes': '1000' } })
    await create(state, 'a')
    await create(state, 'b')
    expect(await produce(state, 'a', value)).toBe('NONE')
    expect(await produce(state, 'b', value)).toBe('NONE')
    expect(await produce(state, 'b', value)).toBe('KAFKA_STORAGE_ERROR')
    expect(state.topics.logBytes).toBeLessThanOrEqual(1000)

    const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, offset: -1n }] }]
    await inMemoryClient(state).call(DeleteRecords, 1, { topics, timeoutMs: 1 })
    expect(await produce(state, 'b', value)).toBe('NONE')
    state.topics.delete('b')
    expect(state.topics.logBytes).toBe(0)
  })
})

describe('a short request has no endless answer', () => {
  it('more items than 400,000 close the connection, though they would fit into the frame', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    const topics = Array.from({ length: 400_001 }, () => ({ name: '', partitions: [] }))
    client.send(Fetch, 11, {
      ...fetchFrom('t', 0n),
      topics: topics.map(({ name }) => ({ topic: name, topicId: uuid.absent, partitions: [] })),
    })
    await client.closed
    expect(client.bugs).toEqual([])
  })

  it('Fetch answers a partition once: the later wish, in the place of the first', async () => {
    const state = clusterWithoutSockets()
    const client = inMemoryClient(state)
    await client.call(CreateTopics, 4, newTopics('t', 'u'))
    const [wish] = fetchFrom('t', 0n).topics[0]?.partitions ?? []
    if (!wish) throw new Error('no wish')
    const topics = [
      { topic: 't', partitions: [{ ...wish, fetchOffset: 9n }] },
      { topic: 'u', partitions: [wish, wish] },
      { topic: 't', partitions: [wish] },
    ]
    const { responses } = await client.call(Fetch, 11, { ...fetchFrom('t', 0n), topics })
    expect(responses.map(({ topic, partitions }) => [topic, partitions.map((one) => one.errorCode)])).toEqual(
      [
        ['t', [0]],
        ['u', [0]],
      ],
    )
  })

  it('ListOffsets refuses a partition that is named twice, wherever in the request', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    await client.call(CreateTopics, 4, newTopics('t', 'u'))
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n }]
    const topics = ['t', 'u', 't'].map((name) => ({ name, partitions }))
    const answer = await client.call(ListOffsets, 5, { replicaId: -1, isolationLevel: 0, topics })
    expect(
      answer.topics.map(({ name, partitions }) => [name, partitions.map((one) => errorName(one.errorCode))]),
    ).toEqual([
      ['t', ['INVALID_REQUEST']],
      ['u', ['NONE']],
    ])
  })

  it('a description that is asked for three times is given three times', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    const resource = { resourceType: 4, resourceName: '1', configurationKeys: null }
    const ask = (times: number) => ({
      resources: Array.from({ length: times }, () => resource),
      includeSynonyms: true,
      includeDocumentation: false,
    })
    const { results } = await client.call(DescribeConfigs, 3, ask(3))
    expect(results).toEqual([results[0], results[0], results[0]])
  })
})
