import { describe, expect, it } from 'vitest'
import { fenceNode, unfenceNode } from '../../../kafka/embedded/failover.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { CreatePartitions } from '../../../kafka/protocol/api/37-create-partitions.ts'
import { IncrementalAlterConfigs } from '../../../kafka/protocol/api/44-incremental-alter-configs.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { readBatchHeader } from '../../../kafka/protocol/record-batch.ts'
import { cluster, listEnd, NO_LEADER_HERE, oneRecord, partitionsOf, read, send } from './nodes-scene.ts'
import { configs, fetchFrom, produceTo } from './requests.ts'

/* Three nodes over one state, asked by raw requests. What they answer was compared with three nodes of Kafka 4.3.1. */

describe('a topic of three replicas on three nodes', () => {
  it('has a leader on each, and the same answer from each', async () => {
    const { clients } = await cluster()
    for (const client of clients) {
      expect(await partitionsOf(client)).toMatchObject([
        { leaderId: 1, leaderEpoch: 0, replicaNodes: [1, 2, 3], isrNodes: [1, 2, 3], offlineReplicas: [] },
        { leaderId: 2, leaderEpoch: 0, replicaNodes: [2, 3, 1], isrNodes: [2, 3, 1], offlineReplicas: [] },
        { leaderId: 3, leaderEpoch: 0, replicaNodes: [3, 1, 2], isrNodes: [3, 1, 2], offlineReplicas: [] },
      ])
    }
  })

  it('goes on in the row with further topics and partitions', async () => {
    const { clients, create } = await cluster({ numPartitions: 1, replicationFactor: 2 })
    await create('second', { numPartitions: 1, replicationFactor: 1 }, clients[2])
    expect(await partitionsOf(clients[1], 'second')).toMatchObject([{ replicaNodes: [2] }])
    const topics = [{ name: 't', count: 3, assignments: null }]
    await clients[1].call(CreatePartitions, 1, { topics, timeoutMs: 1000, validateOnly: false })
    const replicas = (await partitionsOf(clients[0])).map(({ replicaNodes }) => replicaNodes)
    expect(replicas).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ])
  })

  it('cannot have more replicas than there are nodes, fenced ones too', async () => {
    const { state, create } = await cluster()
    fenceNode(state, 3)
    expect(await create('three', { replicationFactor: 3 })).toEqual(['NONE', null])
    expect(state.topics.partition('three', 0)).toMatchObject({ replicas: [2, 1, 3], isr: [2, 1] })
    const [error, text] = await create('four', { replicationFactor: 4 })
    expect(error).toBe('INVALID_REPLICATION_FACTOR')
    expect(text).toContain('only 3 broker(s) are registered')
  })

  it.each([
    [[[1, 2], [3]], 'a partition with 1 replica(s), but this is not consistent with previous partitions'],
    [[[3]], 'partition 0 are fenced or in controlled shutdown'],
  ])('placed by hand as %j is refused while node 3 is down', async (replicas, words) => {
    const { state, create } = await cluster()
    fenceNode(state, 3)
    const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
    const [error, text] = await create('by-hand', { numPartitions: -1, replicationFactor: -1, assignments })
    expect(error).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(text).toContain(words)
  })
})

describe('a node that does not lead the partition', () => {
  it('takes no records and names no offsets', async () => {
    const { clients } = await cluster()
    expect(await send(clients[1])).toBe(NO_LEADER_HERE)
    expect(await send(clients[0])).toBe('NONE')
    expect(await listEnd(clients[1])).toEqual([NO_LEADER_HERE, -1n, -1])
    expect(await listEnd(clients[0])).toEqual(['NONE', 1n, 0])
  })

  it('closes the connection on acks=0, so that the client notices', async () => {
    const { clients } = await cluster()
    clients[1].send(Produce, 7, produceTo('t', oneRecord(), 0))
    await clients[1].closed
  })

  it('deletes no records', async () => {
    const { clients } = await cluster()
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0n }] }]
    const answers = clients.map((client) => client.call(DeleteRecords, 1, { topics, timeoutMs: 1000 }))
    const errors = (await Promise.all(answers)).map((one) => one.topics[0]?.partitions[0]?.errorCode ?? -1)
    expect(errors.map(errorName)).toEqual(['NONE', NO_LEADER_HERE, NO_LEADER_HERE])
  })

  it('lets consumers read from version 11 on, when it has a replica (KIP-392)', async () => {
    const { clients, create } = await cluster()
    await create('alone', { replicationFactor: 1 }, clients[0])
    await send(clients[0])
    expect(await read(clients[1], { version: 10 })).toMatchObject({ error: NO_LEADER_HERE })
    expect(await read(clients[1], { version: 11 })).toMatchObject({ error: 'NONE', end: 1n })
    expect(await read(clients[0], { topic: 'alone' })).toMatchObject({ error: NO_LEADER_HERE })
    expect(await read(clients[1], { topic: 'alone' })).toMatchObject({ error: 'NONE' })
  })

  it('knows the epoch when it has a replica, and does not look at it otherwise', async () => {
    const { clients, create } = await cluster()
    await create('alone', { replicationFactor: 1 })
    expect(await read(clients[1], { epoch: 5 })).toMatchObject({ error: 'UNKNOWN_LEADER_EPOCH' })
    expect(await read(clients[0], { topic: 'alone', epoch: 5 })).toMatchObject({ error: NO_LEADER_HERE })
  })

  it('describes only its own settings', async () => {
    const { clients } = await cluster()
    const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: null }]
    const body = { resources, includeSynonyms: false, includeDocumentation: false }
    const [own, other] = [
      await clients[0].call(DescribeConfigs, 2, body),
      await clients[1].call(DescribeConfigs, 2, body),
    ]
    expect(own.results[0]?.errorCode).toBe(0)
    const text = 'Unexpected broker id, expected 2 or empty string, but received 1'
    expect(other.results[0]?.errorMessage).toBe(text)
  })
})

describe('when a leader is fenced', () => {
  it('others lead in its place, under the next epoch, with all its records', async () => {
    const { state, clients } = await cluster()
    await send(clients[0])
    fenceNode(state, 1)
    const { brokers, controllerId } = await clients[1].call(Metadata, 8, Metadata.request.absent)
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3])
    expect(controllerId).toBe(2)
    expect((await partitionsOf(clients[1]))[0]).toMatchObject({
      errorCode: 0,
      leaderId: 2,
      leaderEpoch: 1,
      replicaNodes: [1, 2, 3],
      isrNodes: [2, 3],
      offlineReplicas: [1],
    })
    expect(await send(clients[1])).toBe('NONE')
    expect(await listEnd(clients[1], 0)).toEqual(['FENCED_LEADER_EPOCH', -1n, -1])
    expect(await listEnd(clients[1], 1)).toEqual(['NONE', 2n, 1])
    const { records } = await read(clients[1])
    const first = readBatchHeader(records as Buffer)
    expect(first.partitionLeaderEpoch).toBe(0)
  })

  it('version 0 of Metadata tells it by an error, and hides the replica', async () => {
    const { state, clients } = await cluster()
    fenceNode(state, 1)
    const [first] = await partitionsOf(clients[1], 't', 0)
    expect(errorName(first?.errorCode ?? -1)).toBe('REPLICA_NOT_AVAILABLE')
    expect(first?.replicaNodes).toEqual([2, 3])
  })

  it('a consumer that waits for records is told at once', async () => {
    const { state, clients } = await cluster()
    const request = fetchFrom('t', 0n, { maxWaitMs: 60_000 })
    const waiting = clients[0].call(Fetch, 10, request)
    await clients[1].call(Metadata, 8, Metadata.request.absent)
    fenceNode(state, 1)
    const { responses } = await waiting
    expect(errorName(responses[0]?.partitions[0]?.errorCode ?? 0)).toBe(NO_LEADER_HERE)
  })

  it('and no replica is left, the partition has no leader until one of them is back', async () => {
    const { state, clients } = await cluster({ numPartitions: 1, replicationFactor: 1 })
    await send(clients[0])
    fenceNode(state, 1)
    const [down] = await partitionsOf(clients[1])
    expect(down).toMatchObject({ leaderId: -1, leaderEpoch: 1, isrNodes: [], offlineReplicas: [1] })
    expect(errorName(down?.errorCode ?? 0)).toBe('LEADER_NOT_AVAILABLE')
    unfenceNode(state, 1)
    expect(await partitionsOf(clients[1])).toMatchObject([{ errorCode: 0, leaderId: 1, leaderEpoch: 2 }])
    expect(await listEnd(clients[0])).toEqual(['NONE', 1n, 2])
  })
})

describe('min.insync.replicas', () => {
  const two = { replicationFactor: 3, configs: configs({ 'min.insync.replicas': '2' }) }

  it('refuses acks=all before anything is stored; acks=1 is stored, and not seen yet', async () => {
    const { state, clients } = await cluster(two)
    fenceNode(state, 2)
    expect(await send(clients[0])).toBe('NONE')
    fenceNode(state, 3)
    expect(await send(clients[0])).toBe('NOT_ENOUGH_REPLICAS')
    expect(await send(clients[0], 1)).toBe('NONE')
    expect(state.topics.partition('t', 0)?.log).toMatchObject({ endOffset: 2n, highWatermark: 1n })
    const seen = await read(clients[0])
    expect(seen.end).toBe(1n)
    expect(readBatchHeader(seen.records as Buffer).lastOffsetDelta).toBe(0)
    unfenceNode(state, 3)
    expect(await send(clients[0])).toBe('NONE')
    expect((await read(clients[0])).end).toBe(3n)
  })

  it('holds no more than there are replicas', async () => {
    const { clients } = await cluster({ ...two, replicationFactor: 1 })
    expect(await send(clients[0])).toBe('NONE')
  })

  it('that is lowered lets the records be seen', async () => {
    const { state, clients } = await cluster(two)
    fenceNode(state, 2)
    fenceNode(state, 3)
    await send(clients[0], 1)
    expect((await read(clients[0])).end).toBe(0n)
    const change = { name: 'min.insync.replicas', configOperation: 0, value: '1' }
    const resources = [{ resourceType: 2, resourceName: 't', configs: [change] }]
    await clients[0].call(IncrementalAlterConfigs, 0, { resources, validateOnly: false })
    expect((await read(clients[0])).end).toBe(1n)
  })
})
