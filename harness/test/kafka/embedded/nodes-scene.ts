import { expect } from 'vitest'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, type InMemoryClient, inMemoryClient } from './in-memory-client.ts'
import { manualClock } from './manual-clock.ts'
import { fetchFrom, newTopic, produceTo, record } from './requests.ts'

/* Three nodes over one state, asked by raw requests. What they answer was compared with three nodes of Kafka 4.3.1. */

type Topic = Parameters<typeof newTopic>[1]

/** Nodes 1, 2 and 3, a client of each, and one topic `t` whose first partition node 1 leads. */
export async function cluster(given: Topic = { numPartitions: 3, replicationFactor: 3 }) {
  const clock = manualClock()
  const state = clusterWithoutSockets({ nodes: 3, clock })
  const clients = [1, 2, 3].map((id) => inMemoryClient(state, id)) as [
    InMemoryClient,
    InMemoryClient,
    InMemoryClient,
  ]
  const create = async (name: string, topic: Topic, on = clients[0]) => {
    const body = { topics: [newTopic(name, topic)], timeoutMs: 1000, validateOnly: false }
    const { topics } = await on.call(CreateTopics, 4, body)
    return [errorName(topics[0]?.errorCode ?? -1), topics[0]?.errorMessage]
  }
  const [outcome] = await create('t', given)
  expect(outcome).toBe('NONE')
  return { clock, state, clients, create }
}

export async function partitionsOf(client: InMemoryClient, topic = 't', version = 8) {
  const body = { ...Metadata.request.absent, topics: [{ topicId: uuid.absent, name: topic }] }
  const { topics } = await client.call(Metadata, version, body)
  return topics[0]?.partitions ?? []
}

export async function send(client: InMemoryClient, acks = -1): Promise<string> {
  const records = oneRecord()
  const { responses } = await client.call(Produce, 7, produceTo('t', records, acks))
  return errorName(responses[0]?.partitionResponses[0]?.errorCode ?? -1)
}

export async function read(client: InMemoryClient, { version = 11, topic = 't', epoch = -1 } = {}) {
  const request = fetchFrom(topic, 0n)
  const [asked] = request.topics[0]?.partitions ?? []
  if (asked) asked.currentLeaderEpoch = epoch
  const { responses } = await client.call(Fetch, version, request)
  const [found] = responses[0]?.partitions ?? []
  return { error: errorName(found?.errorCode ?? -1), end: found?.highWatermark, records: found?.records }
}

export async function listEnd(client: InMemoryClient, currentLeaderEpoch = -1) {
  const partitions = [{ ...PARTITION, currentLeaderEpoch }]
  const body = { replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions }] }
  const { topics } = await client.call(ListOffsets, 5, body)
  const [found] = topics[0]?.partitions ?? []
  return [errorName(found?.errorCode ?? -1), found?.offset, found?.leaderEpoch]
}

const PARTITION = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n, maxNumOffsets: 1 }
/** Of the time at which a manual clock starts. */
export const oneRecord = () => writeBatch({ records: [record(null, 'value', manualClock().now())] })

export const NO_LEADER_HERE = 'NOT_LEADER_OR_FOLLOWER'
