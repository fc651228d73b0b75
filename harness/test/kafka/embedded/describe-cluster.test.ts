import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { fenceNode } from '../../../kafka/embedded/failover.ts'
import { DescribeCluster } from '../../../kafka/protocol/api/60-describe-cluster.ts'
import { testBroker } from '../test-broker.ts'
import { clusterWithoutSockets, inMemoryClient } from './in-memory-client.ts'

const QUESTION = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false }

describe('DescribeCluster', () => {
  let broker: Awaited<ReturnType<typeof testBroker>>
  let client: Client

  beforeAll(async () => {
    broker = await testBroker()
    client = await connect(broker.bootstrap, { timeoutMs: 20_000 })
  })

  afterAll(async () => {
    client.close()
    await broker.close()
  })

  it.each([0, 1, 2])('version %i names the nodes and the controller', async (version) => {
    const { host, port } = client.address
    const { clusterId, ...answer } = await client.request(DescribeCluster, version, QUESTION)
    expect(clusterId).toMatch(/^[\w-]{22}$/)
    expect(answer).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      endpointType: 1,
      controllerId: 1,
      brokers: [{ brokerId: 1, host, port, rack: null, isFenced: false }],
      clusterAuthorizedOperations: -(2 ** 31),
    })
  })

  it('says what a client may do, when it is asked: everything', async () => {
    const body = { ...QUESTION, includeClusterAuthorizedOperations: true }
    expect((await client.request(DescribeCluster, 0, body)).clusterAuthorizedOperations).toBe(8096)
  })

  it.each([
    [
      2,
      114,
      'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
    ],
    [3, 115, 'Unsupported endpoint type 3'],
  ])('refuses the type of endpoint %i', async (endpointType, errorCode, errorMessage) => {
    expect(await client.request(DescribeCluster, 1, { ...QUESTION, endpointType })).toEqual({
      throttleTimeMs: 0,
      errorCode,
      errorMessage,
      endpointType: 1,
      clusterId: '',
      controllerId: -1,
      brokers: [],
      clusterAuthorizedOperations: -(2 ** 31),
    })
  })
})

describe('a fenced node', () => {
  it('is named only when it is asked for', async () => {
    const state = clusterWithoutSockets({ nodes: 2 })
    fenceNode(state, 2)
    const client = inMemoryClient(state)
    const ask = async (includeFencedBrokers: boolean) => {
      const { brokers } = await client.call(DescribeCluster, 2, { ...QUESTION, includeFencedBrokers })
      return brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])
    }
    expect(await ask(false)).toEqual([[1, false]])
    expect(await ask(true)).toEqual([
      [1, false],
      [2, true],
    ])
  })
})
